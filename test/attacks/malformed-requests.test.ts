import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ROUTES } from "../../src/http/routes.ts";
import { Person } from "../../src/testing/person.ts";
import { below, seeded } from "../support/seeded.ts";
import { allEvents, ENGINES, openStage, type Stage, sessionCookieOf } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Sends bytes as they are and reads until the server has closed: its first status, `null` when it said nothing. */
async function raw(bytes: string | Buffer): Promise<number | null> {
  const socket = connect(Number(new URL(stage.office.url).port), "127.0.0.1");
  // A server that closes while we still send is within its rights.
  socket.on("error", () => {});
  socket.write(bytes);
  const answer = await text(socket).catch(() => "");
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0) || null;
}

const head = (line: string, headers: readonly string[] = []) =>
  [line, "Host: localhost", "Connection: close", ...headers, "", ""].join("\r\n");

const PATHS = ROUTES.map(({ path }) => `/auth${path}`);

/** It still works, for everybody. */
async function expectStillStanding({ office } = stage): Promise<void> {
  const person = new Person(office.url);
  expect((await person.request("/auth/health/ready")).status).toBe(200);
  await person.signIn("rehearsal", "bo");
  expect(await person.session()).not.toBeNull();
}

describe("methods", () => {
  test.each([
    "TRACE",
    "TRACK",
    "CONNECT",
    "PURGE",
    "PROPFIND",
    "MKCOL",
    "SEARCH",
    "LINK",
    "get",
    "Post",
    "G\tET",
  ])("%s at every door", async (method) => {
    for (const path of PATHS) {
      for (const headers of [[], ["Content-Length: 3", "", "a=b"]]) {
        const status = await raw(head(`${method} ${path} HTTP/1.1`, headers));
        // CONNECT is answered by hanging up.
        if (status !== null) expect(status).toBeGreaterThanOrEqual(400);
        if (status !== null) expect(status).toBeLessThan(500);
      }
    }
    await expectStillStanding();
  });
});

function plant(person: Person, count: number, prefix: string): void {
  for (let i = 0; i < count; i++) person.jar.set(`${prefix}${i}`, "v1.x.y");
}

describe("sizes", () => {
  test.each([
    ["one cookie of 15 KB", (person: Person) => person.jar.set("x", "y".repeat(15_000))],
    ["a thousand cookies", (person: Person) => plant(person, 1000, "c")],
    ["300 cookies that look like sessions", (person: Person) => plant(person, 300, "postern")],
    ["400 cookies that look like sign-ins", (person: Person) => plant(person, 400, "postern-tx-")],
  ])("%s", async (_, fill) => {
    const person = new Person(stage.office.url);
    fill(person);
    for (const path of [
      "/auth/sign-in",
      "/auth/session",
      "/auth/account",
      "/orders",
      "/auth/callback/github?state=a",
    ]) {
      const response = await person.request(path);
      expect(response.status).toBeLessThan(500);
      expect(sessionCookieOf(response)).toBeNull();
    }
    const begun = await person.post("/auth/sign-in/rehearsal");
    expect(begun.status).toBe(303);
  });

  test("headers above Node's limit are refused by Node", async () => {
    expect(await raw(head("GET /auth/sign-in HTTP/1.1", [`Cookie: x=${"y".repeat(20_000)}`]))).toBe(431);
    expect(await raw(head(`GET /auth/sign-in?return_to=/${"y".repeat(20_000)} HTTP/1.1`))).toBe(431);
  });

  test("a path of 14 KB", async () => {
    const person = new Person(stage.office.url);
    for (const prefix of ["/auth/", "/auth/sign-in/", "/auth/callback/", "/auth/assets/", "/"]) {
      const response = await person.request(prefix + "a/".repeat(7000));
      expect(response.status).toBeLessThan(500);
    }
  });

  test.each(["/auth/sign-in/rehearsal", "/auth/preferences", "/auth/callback/rehearsal"])(
    "a body above 64 KiB at %s is refused and not read on",
    async (path) => {
      const person = new Person(stage.office.url);
      const body = `return_to=${"x".repeat(64 * 1024)}`;
      for (const repeat of [1, 3, 100]) {
        const response = await person.request(path, {
          method: "POST",
          body: body.repeat(repeat),
          headers: { "content-type": "application/x-www-form-urlencoded", origin: stage.office.url },
        });
        expect([repeat, response.status]).toEqual([repeat, 413]);
      }
    },
  );

  test("exactly 64 KiB is read", async () => {
    const person = new Person(stage.office.url);
    const body = `return_to=%2Forders&x=${"x".repeat(64 * 1024 - 22)}`;
    expect(body.length).toBe(64 * 1024);
    const response = await person.request("/auth/sign-in/rehearsal", {
      method: "POST",
      body,
      headers: { "content-type": "application/x-www-form-urlencoded", origin: stage.office.url },
    });
    expect(response.status).toBe(303);
  });
});

describe("encodings", () => {
  const BROKEN = [
    "%",
    "%f",
    "%ff",
    "%zz",
    "%c0%af",
    "%ed%a0%80",
    "%00",
    "%u0041",
    "%25",
    "%2e%2e",
    "%0d%0aX: y",
    "\xff",
  ];

  test.each(BROKEN)("%j in paths and parameters", async (broken) => {
    const targets = PATHS.flatMap((path) => [
      path.replace(/:\w+/, broken),
      `${path}${broken}`,
      `${path}/${broken}`,
    ]);
    const queries = ["code", "state", "return_to", "iss", "error", broken].flatMap((name) => [
      `/auth/callback/rehearsal?${name}=${broken}`,
      `/auth/sign-in?${name}=${broken}`,
      `/auth/account?${name}=${broken}`,
    ]);
    for (const target of [...targets, ...queries]) {
      for (const method of ["GET", "POST"]) {
        const status = await raw(
          Buffer.from(head(`${method} ${target.replaceAll(":", "%3a")} HTTP/1.1`), "latin1"),
        );
        expect([target, status]).toEqual([target, expect.any(Number)]);
        expect(status ?? 0).toBeLessThan(500);
      }
    }
    await expectStillStanding();
  });

  test.each(BROKEN)("%j in a form and in cookies", async (broken) => {
    const person = new Person(stage.office.url);
    for (const name of [
      "postern",
      "postern-browser",
      "postern-locale",
      "postern-theme",
      "postern-last-provider",
    ]) {
      person.jar.set(name, broken.replace("\xff", "%ff"));
    }
    for (const path of ["/auth/sign-in", "/auth/session", "/auth/account", "/orders"]) {
      expect((await person.request(path)).status).toBeLessThan(500);
    }
    const response = await person.request("/auth/preferences", {
      method: "POST",
      body: `locale=${broken}&theme=${broken}&return_to=${broken}&${broken}`,
      headers: { "content-type": "application/x-www-form-urlencoded", origin: stage.office.url },
    });
    expect(response.status).toBe(303);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"])(
    "%s as the name of anything",
    async (name) => {
      const person = new Person(stage.office.url);
      for (const path of PATHS) {
        for (const target of [
          path.replace(/:\w+/, name),
          `${path}?${name}=1&${name}[x]=1&return_to=/${name}`,
        ]) {
          expect((await person.request(target)).status).toBeLessThan(500);
          expect(
            (await person.post(target, { [name]: name, locale: name, theme: name })).status,
          ).toBeLessThan(500);
        }
      }
      person.jar.set("postern-locale", name);
      person.jar.set("postern-theme", name);
      expect((await person.request("/auth/sign-in", { headers: { "accept-language": name } })).status).toBe(
        200,
      );
    },
  );
});

test.each(ENGINES)(
  "GHSA-g5fm-jp9v-2432, CVE-2025-3891: 1000 callbacks of garbage on %s: no session",
  async (engine) => {
    const own = await openStage({ engine });
    onTestFinished(() => own.close());
    const random = seeded(20261119);
    const pick = <T>(from: readonly T[]): T => from[below(random, from.length)] as T;
    const piece = () =>
      pick([
        () => String.fromCharCode(33 + below(random, 94)).repeat(1 + below(random, 40)),
        () => `%${below(random, 256).toString(16).padStart(2, "0")}`,
        () =>
          pick([
            "%00",
            "%0d%0a",
            "%F0%9F%92%A5",
            "..%2f",
            "%25",
            "'",
            '"',
            "<script>",
            "$(x)",
            "{{7*7}}",
            "\\",
          ]),
        () => below(random, 2 ** 32).toString(36),
      ])();
    const names = [
      "code",
      "state",
      "iss",
      "error",
      "session_state",
      "scope",
      "id_token",
      "user",
      piece(),
      piece(),
    ];
    const person = new Person(own.office.url);
    const pending = new URL(await person.start("rehearsal").then(String)).searchParams.get("state") ?? "";
    const garbage = Array.from({ length: 1000 }, () => {
      const pairs = Array.from({ length: below(random, 7) }, () => {
        const value = Array.from({ length: below(random, 5) }, piece).join("");
        return `${pick(names)}=${random() < 0.2 ? pending : value}`;
      });
      return `/auth/callback/${pick(["rehearsal", "github", "none", piece()])}?${pairs.join("&")}`;
    });
    const known = new Set((await allEvents(own)).map(({ id }) => id));
    const statuses = new Set<number>();
    for (const path of garbage) {
      const post = random() < 0.3;
      const [target = "", body = ""] = post ? path.split("?") : [path];
      const response = await person.request(target.replaceAll("#", "%23"), {
        ...(post && {
          method: "POST",
          body,
          headers: { "content-type": "application/x-www-form-urlencoded" },
        }),
      });
      statuses.add(response.status);
      // 502 and 503 would speak of the provider; garbage must not even get that far with a code.
      expect([path, response.status < 500 || response.status === 502]).toEqual([path, true]);
      expect(sessionCookieOf(response)).toBeNull();
    }
    expect([...statuses]).toContain(400);
    expect(await person.session()).toBeNull();
    const events = (await allEvents(own)).filter(({ id }) => !known.has(id));
    expect(new Set(events.map(({ action }) => action))).toEqual(new Set(["login.failed"]));
    await expectStillStanding(own);
  },
);
