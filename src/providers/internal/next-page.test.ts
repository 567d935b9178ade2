import { expect, test } from "vitest";
import { nextPage } from "./next-page.ts";

const FIRST = { url: "https://api.example/teams", query: { size: "100" }, headers: { accept: "text/x" } };

function follow(link: string | null) {
  return nextPage({ example: "ops", paging: "link" }, FIRST, { isNo: false, body: [], link }, []);
}

test.each([
  ['<https://api.example/teams?page=2>; rel="next"', "https://api.example/teams?page=2"],
  ["<https://api.example/teams?page=2>;rel=next", "https://api.example/teams?page=2"],
  ['<https://api.example/1>; rel="prev", <https://api.example/3>; rel="next"', "https://api.example/3"],
  ['<https://api.example/3>; title="x"; REL="Next last"', "https://api.example/3"],
  ["</teams?page=2>; rel=next", "https://api.example/teams?page=2"],
])("%s leads to %s, with the same headers and its own query", (link, url) => {
  expect(follow(link)).toEqual({ url, headers: FIRST.headers });
});

test.each([
  null,
  "",
  "next",
  '<https://api.example/9>; rel="last"',
  '<https://api.example/9>; rel="nextish"',
  "<:>",
])("%j leads nowhere", (link) => {
  expect(follow(link)).toBeNull();
});
