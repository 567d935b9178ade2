import { describe, expect, it } from "vitest";
import { pageContext, signInView } from "../../test/support/page-states.ts";
import { readMarkup } from "../../test/support/read-markup.ts";
import { type SignInView, signInPage } from "./sign-in-page.ts";

const choice = (id: string, change: object = {}) => ({
  id,
  name: id,
  mark: "M0 0h1",
  lastUsed: false,
  troubled: false,
  ...change,
});
const page = (change: Partial<SignInView>) =>
  readMarkup(signInPage(pageContext("en", "light"), signInView("en", change)));
const ways = (elements: ReturnType<typeof page>) =>
  elements.filter(({ tag, attributes }) => tag === "button" && attributes.class?.includes("way"));

describe("signInPage", () => {
  it("has one form per provider that carries where the person was going", () => {
    const elements = page({ providers: [choice("github"), choice("corp")] });
    expect(elements.filter(({ tag }) => tag === "form").map(({ attributes }) => attributes.action)).toEqual([
      "/auth/sign-in/github",
      "/auth/sign-in/corp",
      "/auth/preferences",
    ]);
    expect(
      elements
        .filter(({ attributes }) => attributes.name === "return_to")
        .map(({ attributes }) => attributes.value),
    ).toEqual(["/orders", "/orders", "/auth/sign-in?return_to=%2Forders"]);
    expect(ways(elements).map(({ text }) => text.trim())).toEqual([
      "Continue with github",
      "Continue with corp",
    ]);
  });

  it("says 使用 GitHub 登录 in Chinese", () => {
    const html = signInPage(pageContext("zh-CN", "light"), signInView("zh-CN"));
    expect(ways(readMarkup(html))[0]?.text).toContain("使用 GitHub 登录");
  });

  it("fills the button of the only provider, and of no other", () => {
    const filled = (elements: ReturnType<typeof page>) =>
      ways(elements).map(({ attributes }) => attributes.class?.includes("primary"));
    expect(filled(page({ providers: [choice("a")] }))).toEqual([true]);
    expect(filled(page({ providers: [choice("a"), choice("b")] }))).toEqual([false, false]);
  });

  it("marks what was used last", () => {
    const elements = page({ providers: [choice("a"), choice("b", { lastUsed: true })] });
    expect(ways(elements).map(({ text }) => text.includes("Last used"))).toEqual([false, true]);
  });

  it("folds the fifth provider and those after it", () => {
    const folded = (change: object) => {
      const elements = page({ providers: [..."abcde"].map((id) => choice(id, id === "e" ? change : {})) });
      const details = elements.find(({ tag }) => tag === "details");
      return {
        names: ways(elements)
          .map(({ text }) => text.trim())
          .filter((name) => details?.text.includes(name)),
        open: details?.attributes.open,
      };
    };
    expect(folded({})).toEqual({ names: ["Continue with e"], open: undefined });
    expect(folded({ lastUsed: true }).open).toBe("");
    expect(
      page({ providers: [..."abcd"].map((id) => choice(id)) }).some(({ tag }) => tag === "details"),
    ).toBe(false);
  });

  it("notes trouble under the button, which still works", () => {
    const elements = page({ providers: [choice("a", { troubled: true }), choice("b")] });
    const [troubled, well] = ways(elements);
    const note = elements.find(
      ({ attributes }) => attributes.id === troubled?.attributes["aria-describedby"],
    );
    expect(note?.text).toContain("a has had problems");
    expect(troubled?.attributes).not.toHaveProperty("disabled");
    expect(well?.attributes).not.toHaveProperty("aria-describedby");
  });

  it("tells administrators what to do when there is no provider", () => {
    const main = page({ providers: [] }).find(({ tag }) => tag === "main");
    expect(main?.text).toContain("No way to sign in is set up yet.");
    expect(main?.text).toContain("npx postern providers check");
    expect(main?.text).not.toContain("You will return to");
  });

  it("gives the hint otherwise only when asked to", () => {
    const says = (setupHint: boolean) =>
      page({ setupHint })
        .find(({ tag }) => tag === "main")
        ?.text.includes("providers check");
    expect([says(false), says(true)]).toEqual([false, true]);
  });

  it("reads an error out first, and is polite about the rest", () => {
    const role = (kind: "info" | "error") =>
      page({ notice: { kind, text: "Look here", reference: "K7Q2-9FMX" } }).find(
        ({ attributes }) => attributes.class === `notice ${kind}`,
      );
    expect(role("error")?.attributes).toMatchObject({ role: "alert", tabindex: "-1", autofocus: "" });
    expect(role("error")?.text).toContain("Look here");
    expect(role("error")?.text).toContain("Reference K7Q2-9FMX");
    expect(role("info")?.attributes).toMatchObject({ role: "status" });
    expect(role("info")?.attributes).not.toHaveProperty("autofocus");
  });
});
