import type { MembershipCheck, RequestDescription } from "../hooks.ts";

/** One page of an answer. */
export interface Page {
  /** Its status is a plain no. */
  readonly isNo: boolean;
  readonly body: unknown;
  /** The `Link` header. */
  readonly link: string | null;
}

/** The request for the page after this one, `null` = this was the last. */
export function nextPage(
  { paging }: MembershipCheck,
  request: RequestDescription,
  page: Page,
  groups: readonly string[],
): RequestDescription | null {
  if (paging === undefined) return null;
  if (paging === "link") {
    const url = nextLink(page.link, request.url);
    // The address holds the whole query already.
    return url === null ? null : { ...withoutQuery(request), url };
  }
  if ("next" in paging) return paging.next(page.body, request);
  const { pageParameter, size } = paging;
  const found = Array.isArray(page.body) ? page.body.length : groups.length;
  if (found < size) return null;
  const current = Number(request.query?.[pageParameter] ?? 1);
  return { ...request, query: { ...request.query, [pageParameter]: String(current + 1) } };
}

function withoutQuery({ query: _, ...request }: RequestDescription): RequestDescription {
  return request;
}

/** The target of `rel="next"` (RFC 8288 §3). */
export function nextLink(link: string | null, base: string): string | null {
  for (const [, target = "", parameters = ""] of (link ?? "").matchAll(/<([^>]*)>([^,<]*)/g)) {
    if (parameters.split(";").some(isNext)) return URL.parse(target, base)?.href ?? null;
  }
  return null;
}

/** `rel="next"`, also among others: `rel="next last"`. */
function isNext(parameter: string): boolean {
  const [name = "", value = ""] = parameter.split("=", 2);
  if (name.trim().toLowerCase() !== "rel") return false;
  return value.replaceAll('"', " ").trim().toLowerCase().split(/\s+/).includes("next");
}
