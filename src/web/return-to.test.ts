import { describe, expect, test } from "vitest";
import corpus from "../../test/return-to-corpus.json" with { type: "json" };
import { couldBeUnder, HOME, type LocalPath, localPath, localPathOrHome } from "./return-to.ts";

const OWN = "https://app.example";
const groups = Object.entries(corpus);
const legitimate = groups.filter(([name]) => name.startsWith("L ")).flatMap(([, values]) => values);
const hostile = groups.filter(([name]) => !name.startsWith("L ")).flatMap(([, values]) => values);

/** The corpus entries that are paths of ours after all; whoever returns to the last two is asked by `couldBeUnder`. */
const HARMLESS = ["/a;//evil.test", "/auth/login/x?return_to=//evil.test", "/auth/logout"];

describe("the corpus", () => {
  test.each(legitimate)("keeps %j", (value) => {
    expect(localPath(value)).toBe(value);
  });

  test("refuses the rest, but for the paths that cannot lead away", () => {
    expect(hostile.filter((value) => localPath(value) !== null).toSorted()).toEqual(HARMLESS);
    for (const value of HARMLESS) expect(new URL(value, OWN).origin).toBe(OWN);
  });

  test("refuses the hostile ones also when they come encoded once more", () => {
    const encoded = hostile.map(encodeURIComponent);
    for (const value of encoded) expect(localPath(value)).toBeNull();
    const behindSlash = encoded.map((value) => `/${value}`).filter((value) => localPath(value) !== null);
    for (const value of behindSlash) expect(staysHere(value), value).toBe(true);
  });
});

describe("paths people really return to", () => {
  test.each([
    "/a?q=%2F%2F",
    "/a?next=https://other.example/x",
    "/a?q=100%",
    "/a?q=%E9",
    "/a?x={y}|z",
    "/a#/route/../x",
    "/?//x",
    "/#//x",
    "/%E8%AE%A2%E5%8D%95/1",
    "/report/100%25",
    "/a%20b",
    "/a//b",
    "/files/a%2Fb",
    "/proxy/https://x.example/",
    "/.well-known/x",
    "/a/...",
    "/a..b/.c",
    "/a;v=1/b",
    "/@ada",
    "/a:b",
  ])("keeps %j", (value) => {
    expect(localPath(value)).toBe(value);
  });
});

describe("refuses", () => {
  test.each([
    ["dots behind a segment", "/a/..//evil.test"],
    ["dots with a parameter", "/a/..;/x"],
    ["dots encoded twice", "/%252e%252e//evil.test"],
    ["an empty first segment with a parameter", "/;x//evil.test"],
    ["a slash encoded three times", "/%25252fevil.test"],
    ["more layers than anybody needs", `/${"%25".repeat(1)}${"25".repeat(5)}41`],
    ["a line break in the path", "/a%0d%0aset-cookie:x"],
    ["a line break in the query", "/a?x\r\ny"],
    ["a zero byte", "/a%00"],
    ["half an escape", "/a%"],
    ["raw text that is not ASCII", "/订单"],
    ["a quotation mark", '/a"'],
    ["a backslash in the query", "/a?\\x"],
    ["a space at the end", "/a "],
    ["a line break at the end", "/a\n"],
  ])("%s", (_, value) => {
    expect(localPath(value)).toBeNull();
  });

  test.each([[undefined], [null], [1], [["/a"]], [{ toString: () => "/a" }], [new String("/a")]])(
    "what is no text: %s",
    (value) => {
      expect(localPath(value)).toBeNull();
    },
  );

  test("more than 2048 characters", () => {
    expect(localPath(`/${"a".repeat(2047)}`)).not.toBeNull();
    expect(localPath(`/${"a".repeat(2048)}`)).toBeNull();
  });
});

test("a million hostile strings lead nowhere else, also decoded once and twice", { timeout: 60_000 }, () => {
  const next = hostileStrings(20_260_101);
  let kept = 0;
  let dangerous = 0;
  for (let run = 0; run < 1_000_000; run++) {
    const value = next();
    const path = localPath(value);
    if (path === null) {
      if (run % 16 === 0 && value.startsWith("/") && !staysHere(value)) dangerous++;
      continue;
    }
    kept++;
    if (path !== value || !staysHere(value)) expect.fail(JSON.stringify(value));
    const once = decodeBytes(value);
    if (!staysHere(once) || !staysHere(decodeBytes(once))) expect.fail(JSON.stringify(value));
  }
  // Without these two the test above could pass on a generator that only makes what is refused at once, or harmless.
  expect(kept).toBeGreaterThan(50_000);
  expect(dangerous).toBeGreaterThan(5_000);
});

test("localPathOrHome goes home where localPath says no", () => {
  expect(localPathOrHome("/a")).toBe("/a");
  expect(localPathOrHome("//evil.test")).toBe(HOME);
});

describe("couldBeUnder", () => {
  test.each([
    "/auth",
    "/auth/",
    "/auth/sign-out",
    "/auth?x",
    "/auth#x",
    "/AUTH/x",
    "/%61uth/x",
    "/%2561uth",
    "/auth;x",
  ])("%s is under /auth", (path) => {
    expect(couldBeUnder(proven(path), "/auth")).toBe(true);
  });

  test.each(["/", "/authors", "/a/auth", "/a?/auth/", "/a#/auth/", "/aut"])("%s is not", (path) => {
    expect(couldBeUnder(proven(path), "/auth")).toBe(false);
  });

  test("everything is under the root", () => {
    for (const path of ["/", "/a"]) expect(couldBeUnder(proven(path), "/")).toBe(true);
  });
});

function proven(path: string): LocalPath {
  const checked = localPath(path);
  if (checked === null) throw new Error(`${path} is no local path`);
  return checked;
}

function staysHere(value: string): boolean {
  return URL.canParse(value, `${OWN}/x/`) && new URL(value, `${OWN}/x/`).origin === OWN;
}

function decodeBytes(value: string): string {
  return value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** An endless supply, the same for the same seed: pieces of the corpus and what attacks are made of, some of it encoded. */
function hostileStrings(seed: number): () => string {
  const random = xorshift(seed);
  const pick = (from: readonly string[]): string => from[random(from.length)] ?? "";
  const atoms = `/ // \\ . .. %2f %2F %5c %2e %2e%2e %252f %25 %00 %09 %0d%0a ; @ : ? # & = a auth evil.test
    app.example https: javascript: // %c0%af %E3%80%82 %EF%BC%8F 1 ~ [ ] ( %`.split(/\s+/);
  const invisible = [
    "\t",
    "\n",
    "\r",
    "\0",
    " ",
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\u202e",
    "\uff0f",
    "\uff3c",
    "\ud800",
  ];
  const pieces = [...hostile, ...legitimate].flatMap((value) => value.match(/[\w%]+|\W/g) ?? []);
  const encode = (text: string): string =>
    [...text]
      .map((c) => (random(3) === 0 && c < "\x80" ? `%${c.charCodeAt(0).toString(16).padStart(2, "0")}` : c))
      .join("");
  return () => {
    let text = random(8) === 0 ? "" : "/";
    for (let left = 1 + random(6); left > 0; left--) {
      const kind = random(16);
      text += kind === 0 ? pick(invisible) : pick(kind < 10 ? atoms : pieces);
    }
    return random(4) === 0 ? encode(text) : text;
  };
}

/** Marsaglia's 32-bit generator: quick, and the same everywhere. */
function xorshift(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
