import { describe, expect, test } from "vitest";
import corpus from "../../test/return-to-corpus.json" with { type: "json" };
import { frontEndUrl, isFrontEndUrl, returnTarget } from "./return-target.ts";
import { localPath } from "./return-to.ts";

/** The host of the corpus, so that everything in it which only looks like the front end is tried against it. */
const LISTED = ["https://app.example", "http://localhost:4190"];
const everything = Object.values(corpus).flat();

describe("with a front end listed, the corpus", () => {
  test("leads nowhere that a path would not", () => {
    expect(everything.filter((value) => frontEndUrl(value, LISTED) !== null)).toEqual([]);
    for (const value of everything) expect(returnTarget(value, LISTED)).toBe(localPath(value));
  });

  test("neither when it comes encoded, nor behind the listed origin", () => {
    for (const value of everything) {
      expect(frontEndUrl(encodeURIComponent(value), LISTED)).toBeNull();
      const behind = frontEndUrl(`https://app.example${value}`, LISTED);
      if (behind !== null) expect(new URL(behind).origin, value).toBe("https://app.example");
    }
  });
});

test.each([
  "https://app.example",
  "https://app.example/",
  "https://app.example/orders?page=2&q=%E8%8C%B6#top",
  "https://app.example/#/orders/1",
  "http://localhost:4190/orders",
])("%s is kept as it is", (value) => {
  const target = returnTarget(value, LISTED);
  expect(target).toBe(value);
  expect(target !== null && isFrontEndUrl(target)).toBe(true);
});

test.each([
  ["another host", "https://app.example.evil.test/"],
  ["a longer host", "https://app.examples/"],
  ["a sub-domain", "https://x.app.example/"],
  ["another port", "https://app.example:8443/"],
  ["the default port, spelt out", "https://app.example:443/"],
  ["another port of this machine", "http://localhost:41900/"],
  ["another scheme", "http://app.example/"],
  ["a scheme in capitals", "HTTPS://app.example/"],
  ["a host in capitals", "https://APP.example/"],
  ["a host with a dot at its end", "https://app.example./"],
  ["a user", "https://app.example@evil.test/"],
  ["a user and a password", "https://ada:secret@app.example/"],
  ["an address without a path", "https://app.example?q"],
  ["a fragment right behind the host", "https://app.example#@evil.test"],
  ["a backslash", "https://app.example\\@evil.test"],
  ["a host behind two slashes", "https://app.example//evil.test"],
  ["dots", "https://app.example/../x"],
  ["dots, encoded", "https://app.example/%2e%2e//evil.test"],
  ["a line break", "https://app.example/\r\nset-cookie: a=b"],
  ["a line break, encoded", "https://app.example/%0d%0aset-cookie:%20a=b"],
  ["a space in front", " https://app.example/"],
  ["text that is not ASCII", "https://app.example/订单"],
  ["script", "javascript:alert(1)//https://app.example/"],
  ["no scheme", "//app.example/"],
  ["more than anybody needs", `https://app.example/${"a".repeat(2048)}`],
])("%s is refused", (_, value) => {
  expect(frontEndUrl(value, LISTED)).toBeNull();
});

test.each([[undefined], [null], [["https://app.example/"]], [new String("https://app.example/")]])(
  "what is no text is refused",
  (value) => {
    expect(returnTarget(value, LISTED)).toBeNull();
  },
);

test("without a list there are only paths", () => {
  expect(returnTarget("https://app.example/", [])).toBeNull();
  expect(returnTarget("/orders", [])).toBe("/orders");
});
