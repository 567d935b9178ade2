import { expect, test } from "vitest";
import { ownAddress } from "./own-address.ts";

const HOME = new URL("https://admin.example.com");

test.each([
  ["/orders?page=2", "https://admin.example.com/orders?page=2"],
  ["//evil.example/orders", "https://admin.example.com//evil.example/orders"],
  ["//x:y@evil.example/orders", "https://admin.example.com//x:y@evil.example/orders"],
  ["http://x:y@evil.example:1/orders?page=2#top", "https://admin.example.com/orders?page=2"],
  ["https://admin.example.com", "https://admin.example.com/"],
  ["/a/../b", "https://admin.example.com/b"],
])("%s is %s, whatever host and credentials are claimed", (url, address) => {
  const own = ownAddress(url, HOME);
  expect(own?.href).toBe(address);
  expect([own?.origin, own?.username]).toEqual([HOME.origin, ""]);
});

test.each([undefined, "*", "", "orders", "data:.evil.example/x", "foo://evil.example"])(
  "%s names none",
  (url) => {
    expect(ownAddress(url, HOME)).toBeNull();
  },
);
