import { describe, expect, it } from "vitest";
import { endSessionAction, localHref, signInHref, startAction, supportHref } from "./links.ts";

const MOUNT = { mountPath: "/auth", allowedOrigins: ["https://app.example"] };

describe("localHref", () => {
  it.each(["/", "/orders?page=2#top", "/订单", "/a//b"])("keeps %s", (path) => {
    expect(localHref(path)).toBe(path);
  });

  it.each([
    "",
    "orders",
    "//evil.example",
    "/\\evil.example",
    "/a\\b",
    "https://evil.example",
    "javascript:alert(1)",
    "/a\nb",
    "\t/a",
  ])("turns %j into the start page", (path) => {
    expect(localHref(path)).toBe("/");
  });
});

describe("paths under the mount", () => {
  it("escape what they carry", () => {
    expect(signInHref(MOUNT, "/orders?a=1&b=2")).toBe("/auth/sign-in?return_to=%2Forders%3Fa%3D1%26b%3D2");
    expect(signInHref(MOUNT, "/")).toBe("/auth/sign-in");
    expect(signInHref(MOUNT, "//evil.example")).toBe("/auth/sign-in");
    expect(startAction(MOUNT, "../x?y")).toBe("/auth/sign-in/..%2Fx%3Fy");
    expect(endSessionAction(MOUNT, "ses_1/\uD800")).toBe("/auth/account/sessions/ses_1%2F%EF%BF%BD/sign-out");
  });
});

describe("supportHref", () => {
  it.each([
    ["help@acme.example", "mailto:help@acme.example?subject=Acme%20K7Q2-9FMX"],
    ["https://acme.example/help", "https://acme.example/help"],
    ["http://acme.example/help", null],
    ["javascript:alert(1)@x", null],
    ["help@acme.example?cc=x@y.example", null],
    ["the desk on the 3rd floor", null],
  ])("makes of %s %s", (support, href) => {
    expect(supportHref(support, "Acme K7Q2-9FMX")).toBe(href);
  });
});
