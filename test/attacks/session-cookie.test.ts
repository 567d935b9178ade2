import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { openSecureStage, SecurePerson } from "./secure-stage.ts";
import { ENGINES, openStage, type Stage } from "./stage.ts";
import { withCookies } from "./transaction.ts";

/** Whether a `Cookie` header opens the door, by the answer of the application and of `/auth/session`. */
async function opens(stage: Stage, cookie: string): Promise<boolean> {
  const headers = { cookie };
  const stranger = new Person(stage.office.url);
  const session = await stranger.request("/auth/session", { api: true, headers });
  const page = await stranger.request("/api/me", { api: true, headers });
  expect([200, 401]).toContain(session.status);
  expect(page.status).toBe(session.status);
  return session.status === 200;
}

describe.each(ENGINES)("session fixation (%s)", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine });
  });
  afterAll(() => stage.close());

  test("CVE-2022-25896, CVE-2023-29019: a planted value never becomes a session", async () => {
    const planted = "A".repeat(43);
    const victim = new Person(stage.office.url);
    victim.jar.set("postern", planted);
    await victim.signIn("rehearsal", "bo");
    expect(victim.jar.get("postern")).toMatch(/^[\w-]{43}$/);
    expect(victim.jar.get("postern")).not.toBe(planted);
    expect(await opens(stage, `postern=${planted}`)).toBe(false);
  });

  test("CVE-2024-38513: the attacker's own session, planted, ends where the victim signs in", async () => {
    const attacker = new Person(stage.office.url);
    await attacker.signIn("rehearsal", "bo");
    const stolen = attacker.jar.get("postern") ?? "";
    const victim = new Person(stage.office.url);
    victim.jar.set("postern", stolen);
    await victim.signIn("rehearsal", "grace");
    expect(victim.jar.get("postern")).not.toBe(stolen);
    expect((await victim.session())?.user.name).toBe("Grace Holm");
    expect(await attacker.session()).toBeNull();
  });

  test("fault 110: signing in as somebody else ends the old session and gives a new secret", async () => {
    const person = new Person(stage.office.url);
    await person.signIn("rehearsal", "grace");
    const old = withCookies(stage.office.url, person.jar);
    await person.signIn("github", "bo");
    expect((await person.session())?.user.name).toBe("Bo Lund");
    expect((await person.session())?.user.roles).toEqual(["member"]);
    expect(await old.session()).toBeNull();
  });

  test("… and so does signing in again as the same person", async () => {
    const person = new Person(stage.office.url);
    await person.signIn("rehearsal", "grace");
    const old = withCookies(stage.office.url, person.jar);
    await person.signIn("rehearsal", "grace");
    expect(person.jar.get("postern")).not.toBe(old.jar.get("postern"));
    expect(await old.session()).toBeNull();
  });

  test("CVE-2025-46336: no request that was under way brings back a session that has been ended", async () => {
    const person = new Person(stage.office.url);
    await person.signIn("rehearsal", "bo");
    const copies = Array.from({ length: 100 }, () => withCookies(stage.office.url, person.jar));
    const underWay = copies.map((copy) => copy.session());
    await person.post("/auth/sign-out");
    await Promise.all(underWay);
    // Late writes of when it was last seen must not make it anew either.
    stage.passTime(2 * 60_000);
    const afterwards = await Promise.all(copies.map((copy) => copy.session()));
    expect(afterwards.filter((session) => session !== null)).toEqual([]);
  });
});

describe("the session cookie over https", () => {
  let stage: Stage;
  let secret: string;
  beforeAll(async () => {
    stage = await openSecureStage();
    const person = new SecurePerson(stage.office.url);
    await person.signIn("rehearsal", "grace");
    secret = person.jar.get("__Host-postern") ?? "";
  });
  afterAll(() => stage.close());

  test("opens the door by its exact name", async () => {
    expect(await opens(stage, `__Host-postern=${secret}`)).toBe(true);
    expect(await opens(stage, `theme=dark; __Host-postern=${secret}; other=1`)).toBe(true);
  });

  test.each([
    ["the plain name that any sibling host can set", "postern=@"],
    ["another case", "__host-postern=@"],
    ["another case", "__HOST-POSTERN=@"],
    ["another prefix", "__Secure-postern=@"],
    ["an empty name", "=__Host-postern=@"],
    ["a longer name", "x__Host-postern=@"],
    ["a longer name", "__Host-postern-=@"],
    ["two spaces before the name", "a=1;  __Host-postern=@"],
    ["a space behind the name", "__Host-postern =@"],
    ["a tab before the name", "a=1;\t__Host-postern=@"],
    ["a no-break space before the name", "a=1; \u00a0__Host-postern=@"],
    ["a comma between cookies", "a=1, __Host-postern=@"],
    ["quotes", '__Host-postern="@"'],
    ["the syntax of RFC 2965", '$Version="1"; __Host-postern="@"; $Path="/"'],
    ["inside another value", "a=__Host-postern=@"],
    ["percent-encoding", "%5F%5FHost-postern=@"],
    ["one character more", "__Host-postern=@A"],
    ["one character less", "__Host-postern=-@"],
  ])("CVE-2026-27840, cookie prefix tricks: %s does not: %s", async (_, cookie) => {
    const value = cookie.includes("=-@") ? secret.slice(1) : secret;
    expect(await opens(stage, cookie.replace("-@", "@").replace("@", value))).toBe(false);
  });

  test("CVE-2026-27840: every shorter, changed or differently written secret is nobody's", async () => {
    const swapped = [...secret]
      .map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
      .join("");
    const wrong = [swapped, `${secret.slice(0, -1)}%41`, `${secret}=`, encodeURIComponent(`${secret}+`)];
    for (let length = 0; length < secret.length; length++) wrong.push(secret.slice(0, length));
    for (const value of wrong) expect(await opens(stage, `__Host-postern=${value}`)).toBe(false);
  });

  test("cookie tossing: the same name twice is nobody's, not the first one's", async () => {
    const other = new SecurePerson(stage.office.url);
    await other.signIn("rehearsal", "bo");
    const second = other.jar.get("__Host-postern") ?? "";
    for (const pair of [
      `${secret}; __Host-postern=${second}`,
      `${second}; __Host-postern=${secret}`,
      `${secret}; __Host-postern=${secret}`,
      `${secret}; __Host-postern=`,
    ]) {
      expect(await opens(stage, `__Host-postern=${pair}`)).toBe(false);
    }
    // Twins without the prefix, which siblings can set, change nothing.
    expect(await opens(stage, `postern=${second}; __Host-postern=${secret}; postern=${second}`)).toBe(true);
  });

  test("CVE-2025-68158: a transaction planted by a sibling host under the plain name is not looked at", async () => {
    const attacker = new SecurePerson(stage.office.url);
    const callback = await attacker.pick(await attacker.start("rehearsal"), "bo");
    const victim = new SecurePerson(stage.office.url);
    for (const name of attacker.jar.names()) {
      victim.jar.set(name.replace("__Host-", ""), attacker.jar.get(name) ?? "");
    }
    const before = stage.rehearsal.requests.token;
    expect((await victim.request(callback)).status).toBe(400);
    expect(stage.rehearsal.requests.token).toBe(before);
    expect(await victim.session()).toBeNull();
  });

  test("draft BFF rules: every cookie is __Host-, HttpOnly, Secure, Lax, of / and of no domain, and small", async () => {
    const person = new SecurePerson(stage.office.url);
    const lines: string[] = [];
    for (const response of [
      await person.post("/auth/sign-in/github"),
      await person.signIn("rehearsal", "grace"),
      await person.post("/auth/preferences", { locale: "zh-CN", theme: "dark", return_to: "/" }),
      await person.post("/auth/sign-out"),
    ]) {
      lines.push(...response.headers.getSetCookie());
    }
    expect(lines.length).toBeGreaterThanOrEqual(8);
    for (const line of lines) {
      expect(line).toMatch(
        /^__Host-postern[\w-]*=[\w.-]*; Path=\/; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$/,
      );
    }
    const session = lines.find((line) => /^__Host-postern=[^;]/.test(line)) ?? "";
    expect(session.length).toBeGreaterThan(43);
    expect(session.length).toBeLessThan(300);
  });

  test("session ids are taken from the cookie only, never from address, body or another header", async () => {
    const stranger = new SecurePerson(stage.office.url);
    for (const name of [
      "__Host-postern",
      "postern",
      "session",
      "session_id",
      "sid",
      "token",
      "access_token",
    ]) {
      const query = `${encodeURIComponent(name)}=${secret}`;
      const headers = {
        authorization: `Bearer ${secret}`,
        "x-session": secret,
        "x-postern": secret,
        [name.toLowerCase()]: secret,
        cookie2: `__Host-postern=${secret}`,
        "x-forwarded-cookie": `__Host-postern=${secret}`,
      };
      for (const path of [`/auth/session?${query}`, `/auth/session;${query}`, `/api/me?${query}`]) {
        const response = await stranger.request(path, { api: true, headers });
        expect([401, 404]).toContain(response.status);
      }
      await stranger.post(`/auth/sign-out?${query}`, { [name]: secret }, headers);
      const others = await stranger.post("/auth/account/sign-out-others", { [name]: secret }, headers);
      expect(others.headers.get("location")).toMatch(/^\/auth\/sign-in/);
    }
    expect(await opens(stage, `__Host-postern=${secret}`)).toBe(true);
  });

  test("store theft: nothing that is stored opens the door", async () => {
    const user = (await stage.office.door.users.find("grace@demo.example"))[0];
    const sessions = await stage.office.door.sessions.ofUser(user?.id ?? "");
    expect(sessions.length).toBeGreaterThan(0);
    for (const value of sessions.flatMap((session) => Object.values(session).map(String))) {
      // A header cannot hold everything that can be stored.
      if (/^[\x20-\x7e]*$/.test(value)) expect(await opens(stage, `__Host-postern=${value}`)).toBe(false);
    }
  });
});
