import { describe, expect, it } from "vitest";
import { pageContext } from "../../test/support/page-states.ts";
import { readMarkup } from "../../test/support/read-markup.ts";
import { messages } from "../i18n/messages.ts";
import { asText } from "./markup.ts";
import { preferencesForm } from "./preferences.ts";

describe("preferencesForm", () => {
  it("offers the other language in its own words and tells which appearance is chosen", () => {
    const elements = readMarkup(asText(preferencesForm(pageContext("en", "dark"), messages("en"))));
    const buttons = elements.filter(({ tag }) => tag === "button");
    expect(
      buttons.map(({ text, attributes: { name, value, lang, ...rest } }) => [
        text,
        name,
        value,
        lang ?? rest["aria-pressed"],
      ]),
    ).toEqual([
      ["简体中文", "locale", "zh-CN", "zh-CN"],
      ["Like the system", "theme", "system", "false"],
      ["Light", "theme", "light", "false"],
      ["Dark", "theme", "dark", "true"],
    ]);
    expect(elements[0]?.attributes).toMatchObject({ method: "post", action: "/auth/preferences" });
  });
});
