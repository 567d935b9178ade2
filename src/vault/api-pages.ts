import type { PagesInit } from "./api-call.ts";
import { contentOf } from "./api-content.ts";
import { type ApiCaller, callApi } from "./call-api.ts";

/** The contents of the pages, asked one by one as they are wanted. A page that leads back to an earlier one ends it. */
export async function* pagesOf<Page>(
  caller: ApiCaller,
  path: string | URL,
  { next, ...init }: PagesInit<Page>,
): AsyncGenerator<Page, void> {
  const seen = new Set<string>();
  for (let wanted: string | URL | null = path; wanted !== null; ) {
    const url = caller.api.resolve(wanted);
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const response = await callApi(caller, url, init);
    const page = (await contentOf(response.clone())) as Page;
    yield page;
    wanted = next === undefined ? caller.api.nextPage(page, response, url) : next(page, response);
  }
}
