import { expect, test } from "vitest";
import { type RequestOrigin, requestOrigin } from "./same-origin.ts";

const OWN = "https://admin.example.com";
const ALLOWED = ["https://front.example.com", "http://localhost:5173"];

test.each<[RequestOrigin, Record<string, string>]>([
  ["same", { origin: OWN }],
  ["same", { origin: OWN, "sec-fetch-site": "cross-site" }],
  ["same", { "sec-fetch-site": "same-origin" }],
  ["same", { "sec-fetch-site": "none" }],
  ["same", { origin: "null", "sec-fetch-site": "same-origin" }],
  ["allowed", { origin: "https://front.example.com", "sec-fetch-site": "same-site" }],
  ["allowed", { origin: "http://localhost:5173" }],
  ["unknown", {}],
  ["cross", { origin: "https://evil.test" }],
  ["cross", { origin: "https://evil.test", "sec-fetch-site": "same-origin" }],
  ["cross", { origin: "null" }],
  ["cross", { origin: "null", "sec-fetch-site": "none" }],
  ["cross", { origin: "null", "sec-fetch-site": "cross-site" }],
  ["cross", { origin: "" }],
  ["cross", { origin: "http://admin.example.com" }],
  ["cross", { origin: "https://admin.example.com:8443" }],
  ["cross", { origin: "https://admin.example.com/" }],
  ["cross", { origin: "https://admin.example.com.evil.test" }],
  ["cross", { origin: "https://evil.admin.example.com" }],
  ["cross", { origin: "HTTPS://ADMIN.EXAMPLE.COM" }],
  ["cross", { origin: `${OWN}, ${OWN}` }],
  ["cross", { origin: "https://front.example.com.evil.test" }],
  ["cross", { "sec-fetch-site": "same-site" }],
  ["cross", { "sec-fetch-site": "cross-site" }],
  ["cross", { "sec-fetch-site": "" }],
  ["cross", { "sec-fetch-site": "Same-Origin" }],
])("%s: %j", (expected, headers) => {
  expect(requestOrigin({ method: "POST", headers }, OWN, ALLOWED)).toBe(expected);
  expect(requestOrigin(new Request(OWN, { method: "POST", headers }), OWN, ALLOWED)).toBe(expected);
});

test("an allowed list that names null opens nothing to sandboxes", () => {
  expect(requestOrigin({ headers: { origin: "null" } }, OWN, ["null"])).toBe("cross");
});
