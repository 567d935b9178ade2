import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cookie, cookiesWithPrefix, readCookie, serializeCookie } from "./cookies.ts";

const NAME = "__Host-postern";

describe("readCookie", () => {
  test.each([
    [`${NAME}=v`, "v"],
    [`a=1; ${NAME}=v; b=2`, "v"],
    [`a=1;${NAME}=v;b=2`, "v"],
    [`${NAME}=`, ""],
    [`${NAME}="v"`, '"v"'],
    [`${NAME}=a=b%20 c`, "a=b%20 c"],
    [`x${NAME}=1; ${NAME}x=2; ${NAME}=v`, "v"],
    [`a=${NAME}=1; ${NAME}=v`, "v"],
  ])("%s", (text, value) => {
    expect(readCookie(text, NAME)).toBe(value);
  });

  test.each([
    ["nothing", null],
    ["an empty header", ""],
    ["another name", "a=1"],
    ["other case", "__host-postern=v; __HOST-POSTERN=v"],
    ["a name without value", NAME],
    ["a cookie without name", `=${NAME}=v`],
    ["two spaces in front", `a=1;  ${NAME}=v`],
    ["a space at the start", ` ${NAME}=v`],
    ["a tab in front", `a=1;\t${NAME}=v`],
    ["a Unicode space in front", `a=1; \u2003${NAME}=v; \u00a0${NAME}=w`],
    ["a space behind the name", `${NAME} =v`],
    ["a name inside a quoted value", `a="x, ${NAME}=v"`],
    ["old-style attributes", `$Version=1, ${NAME}=v`],
    ["a name inside a value", `a=b ${NAME}=v`],
  ])("finds none in %s", (_, text) => {
    expect(readCookie(text, NAME)).toBeNull();
  });

  test("refuses a name that is there twice, be the values the same or empty", () => {
    for (const twin of ["w", "v", ""]) {
      expect(readCookie(`${NAME}=v; ${NAME}=${twin}`, NAME)).toBeNull();
      expect(readCookie(`${NAME}=${twin}; a=1; ${NAME}=v`, NAME)).toBeNull();
    }
  });

  test("looks at 16 KiB and refuses more", () => {
    const cookie = `${NAME}=v; a=`;
    expect(readCookie(cookie.padEnd(16_384, "x"), NAME)).toBe("v");
    expect(readCookie(cookie.padEnd(16_385, "x"), NAME)).toBeNull();
  });

  test("an empty name is no name", () => {
    expect(readCookie("=v; a=1", "")).toBeNull();
  });

  test("agrees with a parser that takes the header apart", () => {
    const names = fc.constantFrom("n", "nn", "n-n", NAME);
    fc.assert(
      fc.property(hostileHeader, names, (text, name) => {
        const values = takenApart(text).filter((pair) => pair.name === name);
        expect(readCookie(text, name)).toBe(values.length === 1 ? values[0]?.value : null);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe("cookiesWithPrefix", () => {
  test("answers those of that beginning, in order, without doubles", () => {
    const text = "tx-b=2; a=1; tx-a=1; tx-b=3; xtx-c=4; tx-=5; tx-d=; tx-e; TX-f=6";
    expect(cookiesWithPrefix(text, "tx-")).toEqual([
      { name: "tx-a", value: "1" },
      { name: "tx-", value: "5" },
      { name: "tx-d", value: "" },
    ]);
    expect(cookiesWithPrefix(null, "tx-")).toEqual([]);
    expect(cookiesWithPrefix("tx-a=1; ".padEnd(16_385, "x"), "tx-")).toEqual([]);
  });

  test("a prefix that reaches into the value finds nothing", () => {
    expect(cookiesWithPrefix("tx=tx-", "tx=tx")).toEqual([]);
  });

  test("agrees with readCookie on every header", () => {
    fc.assert(
      fc.property(hostileHeader, (text) => {
        const names = new Set(
          takenApart(text)
            .map(({ name }) => name)
            .filter((name) => name.startsWith("n")),
        );
        const single = [...names].filter((name) => readCookie(text, name) !== null);
        const found = cookiesWithPrefix(text, "n");
        expect(found.map(({ name }) => name).toSorted()).toEqual(single.toSorted());
        for (const { name, value } of found) expect(readCookie(text, name)).toBe(value);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("serializeCookie", () => {
  const cookie: Cookie = { name: NAME, value: "v", httpOnly: true, secure: true, sameSite: "Lax", path: "/" };

  test("writes what a browser understands", () => {
    expect(serializeCookie(cookie)).toBe("__Host-postern=v; Path=/; HttpOnly; Secure; SameSite=Lax");
    expect(serializeCookie({ ...cookie, maxAge: 600, sameSite: "None" })).toBe(
      "__Host-postern=v; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=None",
    );
    const plain = { name: "a", value: "", maxAge: 0, httpOnly: false, secure: false, path: "/auth" };
    expect(serializeCookie({ ...plain, sameSite: "Strict" })).toBe(
      "a=; Path=/auth; Max-Age=0; SameSite=Strict",
    );
  });

  test.each<Partial<Cookie>>([
    { name: "" },
    { name: "a b" },
    { name: "a=b" },
    { name: "a;b" },
    { name: "ä" },
    { value: "a;b" },
    { value: "a b" },
    { value: "a,b" },
    { value: 'a"b' },
    { value: "a\\b" },
    { value: "a\r\nset-cookie: b=c" },
    { value: "a\n" },
    { value: "ä" },
    { path: "" },
    { path: "auth" },
    { path: "/a;domain=evil.test" },
    { path: "/a\n" },
    { path: "/auth" },
    { maxAge: 1.5 },
    { maxAge: -1 },
    { maxAge: Number.NaN },
    { secure: false },
  ])("refuses %j", (change) => {
    expect(() => serializeCookie({ ...cookie, ...change })).toThrow(TypeError);
  });

  test("refuses SameSite=None without Secure", () => {
    expect(() => serializeCookie({ ...cookie, name: "a", secure: false, sameSite: "None" })).toThrow(
      TypeError,
    );
  });

  test("whatever it accepts comes back as it was", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        let pair: string | undefined;
        try {
          [pair] = serializeCookie({ ...cookie, value }).split("; ");
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(readCookie(`a=1; ${pair}; b=2`, NAME)).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Headers made of what goes wrong in headers. */
const hostileHeader = fc
  .array(
    fc.constantFrom("n", "n", "-", NAME, "=", "=", ";", "; ", "; ", " ", "\t", '"', "v", ",", "\u00a0"),
    { maxLength: 24 },
  )
  .map((atoms) => atoms.join(""));

/** The plain reading of RFC 6265 §4.2.1: pairs between semicolons, each but the first behind at most one space. */
function takenApart(text: string): Array<{ name: string; value: string }> {
  return text.split(";").flatMap((part, index) => {
    const match = /^([^=]+)=(.*)$/s.exec(index === 0 ? part : part.replace(/^ /, ""));
    return match === null ? [] : [{ name: match[1] ?? "", value: match[2] ?? "" }];
  });
}
