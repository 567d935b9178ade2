import { describe, expect, it } from "vitest";
import { hanPhrase, phrase, plainText } from "./phrase.ts";

const joined = ({ texts, values }: ReturnType<typeof phrase>) =>
  texts.map((text, index) => text + (values[index] ?? "")).join("");

describe("phrase", () => {
  it("keeps text and values apart", () => {
    const name = "Ada";
    expect(phrase`Hello ${name}.`).toEqual({ texts: ["Hello ", "."], values: ["Ada"] });
  });

  it("isolates each value in plain text", () => {
    const name = "عدا";
    expect(plainText(phrase`Hello ${name}.`)).toBe("Hello \u2068عدا\u2069.");
    expect(plainText(phrase`Hello`)).toBe("Hello");
  });
});

describe("hanPhrase", () => {
  it.each([
    ["GitHub", "使用 GitHub 登录"],
    ["飞书", "使用飞书登录"],
    ["Acme 后台", "使用 Acme 后台登录"],
    ["后台 2", "使用后台 2 登录"],
    ["", "使用登录"],
  ])("spaces %j as a reader expects", (value, text) => {
    expect(joined(hanPhrase`使用${value}登录`)).toBe(text);
  });

  it("puts no space beside punctuation", () => {
    const place = "Orders";
    expect(joined(hanPhrase`登录后返回：${place}。`)).toBe("登录后返回：Orders。");
  });
});
