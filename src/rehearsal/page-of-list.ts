/** One page of a list, and the `Link` header (RFC 8288) that leads to the others. */
export interface ListPage<Entry> {
  readonly entries: readonly Entry[];
  /** Empty when everything fits on one page. */
  readonly headers: Record<string, string>;
}

/** Cuts by `page` (from 1) and `per_page` (30 unless asked, 100 at most). */
export function pageOf<Entry>(all: readonly Entry[], url: URL): ListPage<Entry> {
  const perPage = Math.min(100, positive(url.searchParams.get("per_page")) ?? 30);
  const page = positive(url.searchParams.get("page")) ?? 1;
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const link = (target: number, relation: string) => {
    const address = new URL(url);
    address.searchParams.set("page", String(target));
    return `<${address}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, "prev"), link(1, "first")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
  ];
  return {
    entries: all.slice((page - 1) * perPage, page * perPage),
    headers: links.length === 0 ? {} : { link: links.join(", ") },
  };
}

function positive(text: string | null): number | null {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : null;
}
