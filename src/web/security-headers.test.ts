import { expect, test } from "vitest";
import { isPolicyOrigin, securityHeaders } from "./security-headers.ts";

test("closes everything but our own styles, pictures, fonts and forms", () => {
  expect(Object.fromEntries(securityHeaders({ https: true, formAction: [] }))).toEqual({
    "content-security-policy":
      "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; " +
      "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
    "strict-transport-security": "max-age=31536000",
  });
});

test("asks for https only where there is https", () => {
  expect(
    new Headers([...securityHeaders({ https: false, formAction: [] })]).has("strict-transport-security"),
  ).toBe(false);
});

test("lets forms lead to the origins given, each named once", () => {
  const formAction = [
    "https://github.com",
    "http://localhost:4000",
    "https://github.com",
    "https://xn--bcher-kva.example",
  ];
  const policy = new Headers([...securityHeaders({ https: true, formAction })]).get(
    "content-security-policy",
  );
  expect(policy?.split("; ")).toContain(
    "form-action 'self' https://github.com http://localhost:4000 https://xn--bcher-kva.example",
  );
});

test.each([
  "",
  "*",
  "https:",
  "https://*.example.com",
  "https://a.example/",
  "https://a.example/path",
  "https://a.example:443",
  "https://A.example",
  "https://user@a.example",
  "https://a.example;script-src",
  "https://a.example; script-src *",
  "https://a.example,b",
  "https://a.example\n",
  "https://a.example\r\nx: y",
  "'unsafe-inline'",
  "javascript:alert(1)",
  "null",
  "ftp://a.example",
])("refuses %j, which would say something else", (origin) => {
  expect(() => securityHeaders({ https: true, formAction: [origin] })).toThrow(TypeError);
});

test.each([
  "https://*.example.com",
  "https://a;script-src",
  "javascript:alert(1)",
  "https://a.example/x",
  "",
])("%s cannot stand in a policy", (origin) => {
  expect(isPolicyOrigin(origin)).toBe(false);
});
