import { describe, expect, it } from "vitest";
import { pageContext } from "../../test/support/page-states.ts";
import { readMarkup } from "../../test/support/read-markup.ts";
import { type SignedOutView, signedOutPage } from "./signed-out-page.ts";

describe("signedOutPage", () => {
  it("leads to the sign-in page only at a press", () => {
    const html = signedOutPage(pageContext("en", "light"), { stillSignedInAt: null });
    const link = readMarkup(html).find(({ attributes }) => attributes.class === "button primary");
    expect([link?.tag, link?.text, link?.attributes.href]).toEqual(["a", "Sign in again", "/auth/sign-in"]);
    expect(html).not.toMatch(/http-equiv/);
  });

  it("warns of a session that goes on at the provider", () => {
    const words = (stillSignedInAt: string | null) =>
      readMarkup(signedOutPage(pageContext("en", "light"), { stillSignedInAt })).find(
        ({ tag }) => tag === "main",
      )?.text;
    expect(words("GitHub")).toContain("You may still be signed in at GitHub.");
    expect(words(null)).not.toContain("still be signed in");
  });

  it("tells whether it was this device or every one", () => {
    const said = (everywhere: boolean) =>
      readMarkup(signedOutPage(pageContext("en", "light"), { stillSignedInAt: null, everywhere })).find(
        ({ tag }) => tag === "main",
      )?.text;
    expect(said(true)).toContain("on this device and on every other one");
    expect(said(false)).toContain("has ended on this device.");
  });

  it("tells what the provider has done, and offers it only where it is still to be done", () => {
    const page = (view: SignedOutView) => readMarkup(signedOutPage(pageContext("en", "light"), view));
    const links = (view: SignedOutView) =>
      page(view).filter(({ attributes }) => attributes.href === "/auth/signed-out/provider");
    const done = page({ stillSignedInAt: null, signedOutAt: "Corp SSO" });
    expect(done.find(({ tag }) => tag === "main")?.text).toContain("signed out at Corp SSO as well");
    expect(links({ stillSignedInAt: "Corp SSO", offer: true })).toHaveLength(1);
    expect(links({ stillSignedInAt: "Corp SSO" })).toHaveLength(0);
    expect(links({ stillSignedInAt: null, signedOutAt: "Corp SSO", offer: true })).toHaveLength(0);
  });
});
