import { expect, test } from "vitest";
import { isPageNavigation } from "./navigation.ts";

const HTML = "text/html,application/xhtml+xml,*/*;q=0.8";

test.each<[string, Record<string, string>]>([
  ["GET", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }],
  ["POST", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }],
  ["GET", { "sec-fetch-mode": "navigate" }],
  ["GET", { "sec-fetch-mode": "navigate", accept: "application/json" }],
  ["GET", { accept: HTML }],
  ["GET", { "sec-fetch-mode": "cors", accept: HTML }],
  ["HEAD", { accept: "TEXT/HTML" }],
])("%s %j fills a page", (method, headers) => {
  expect(isPageNavigation({ method, headers })).toBe(true);
});

test.each<[string, Record<string, string>]>([
  ["GET", { "sec-fetch-mode": "cors", "sec-fetch-site": "same-origin", accept: HTML }],
  ["GET", { "sec-fetch-mode": "same-origin", "sec-fetch-site": "same-origin", accept: HTML }],
  ["GET", { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }],
  ["GET", { "sec-fetch-mode": "cors" }],
  ["GET", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }],
  ["GET", { "sec-fetch-mode": "", "sec-fetch-site": "cross-site", accept: HTML }],
  ["POST", { accept: HTML }],
  ["GET", { accept: HTML, "x-requested-with": "XMLHttpRequest" }],
  ["GET", { accept: "*/*" }],
  ["GET", { accept: "application/json" }],
  ["GET", {}],
])("%s %j does not", (method, headers) => {
  expect(isPageNavigation({ method, headers })).toBe(false);
});
