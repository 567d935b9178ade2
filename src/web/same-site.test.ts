import { expect, test } from "vitest";
import { isProbablySameSite } from "./same-site.ts";

const sameSite = (one: string, other: string) => isProbablySameSite(new URL(one), new URL(other));

test.each([
  ["https://app.example.com", "https://admin.example.com"],
  ["https://app.example.com", "https://example.com"],
  ["https://app.example.com:8443", "https://app.example.com"],
  ["https://app.acme.co.uk", "https://admin.acme.co.uk"],
  ["https://app.com.de", "https://admin.app.com.de"],
  ["https://app.ibm.de", "https://admin.ibm.de"],
  ["http://localhost:4180", "http://localhost:4190"],
  ["http://app.demo.localhost:1", "http://admin.demo.localhost:2"],
  ["http://127.0.0.1:1", "http://127.0.0.1:2"],
  ["http://[::1]:1", "http://[::1]:2"],
])("%s and %s are one site", (one, other) => {
  expect(sameSite(one, other)).toBe(true);
  expect(sameSite(other, one)).toBe(true);
});

test.each([
  ["https://app.example.com", "https://admin.example.org"],
  ["https://example.com", "https://example.org"],
  ["https://app.example.com", "http://app.example.com"],
  ["https://acme.co.uk", "https://other.co.uk"],
  ["https://app.acme.com.cn", "https://admin.other.com.cn"],
  ["https://acme.github.io", "https://other.github.io"],
  ["https://app-acme.vercel.app", "https://admin-acme.vercel.app"],
  ["https://examples.com", "https://example.com"],
  ["http://app.localhost:1", "http://admin.localhost:2"],
  ["http://localhost:1", "http://127.0.0.1:1"],
  ["http://10.0.0.1", "http://11.0.0.1"],
])("%s and %s are two", (one, other) => {
  expect(sameSite(one, other)).toBe(false);
  expect(sameSite(other, one)).toBe(false);
});
