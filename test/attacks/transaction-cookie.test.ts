import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { SECRET } from "../support/back-office.ts";
import { expectRefused, observe, openStage, type Stage, sessionCookieOf } from "./stage.ts";
import { callbackOf, transactionCookies, withCookies } from "./transaction.ts";

const OTHER_SECRET = "another-secret-for-tests-9876543210-zyxwvuts";
/** What browsers keep of one cookie, name and value together (RFC 6265bis §5.6). */
const MOST_OF_A_COOKIE = 4096;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

describe("the sealed transaction", () => {
  test("CVE-2026-39324, RFC 9700 §4.7.1: with any of its bits changed it is worth nothing", async () => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, "rehearsal", "bo");
    const [name = ""] = transactionCookies(person);
    const sealed = person.jar.get(name) ?? "";
    // Every character once: version, key id, nonce, text and tag are all among them.
    const damaged = [...sealed].map((character, at) => {
      const other = character === "A" ? "B" : "A";
      return sealed.slice(0, at) + other + sealed.slice(at + 1);
    });
    const fallbacks = ["", "v1", "v1..", sealed.slice(0, -1), `${sealed}A`, `${sealed}=`, `"${sealed}"`];
    const plain = Buffer.from(JSON.stringify({ provider: "rehearsal", purpose: "login" })).toString(
      "base64url",
    );
    for (const value of [...damaged, ...fallbacks, plain, `v0.${plain}`, `v1.none.${plain}`]) {
      const attacker = withCookies(stage.office.url, person.jar);
      attacker.jar.set(name, value);
      const before = stage.rehearsal.requests.token;
      const response = await attacker.request(callback);
      // As good as lost: this browser's own sign-in begins again, with a fresh state and without any code.
      expect(response.status).toBe(303);
      expect(new URL(response.headers.get("location") ?? "").pathname).toBe("/authorize");
      expect(sessionCookieOf(response)).toBeNull();
      expect(stage.rehearsal.requests.token).toBe(before);
    }
    expect((await person.request(callback)).headers.get("location")).toBe("/");
  });

  test("swapped between two sign-ins of the same browser", async () => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, "rehearsal", "bo");
    await callbackOf(person, "rehearsal", "bo");
    const [first = "", second = ""] = transactionCookies(person);
    person.jar.set(first, person.jar.get(second) ?? "");
    const seen = await observe(stage, () => person.request(callback));
    expectRefused(seen, { code: "state_mismatch", cause: "other_state" });
    expect(seen.backChannel).toBe(0);
  });

  test("sealed by a back office with another secret", async () => {
    const stranger = await stage.openOffice({ secret: OTHER_SECRET, publicUrl: stage.office.url });
    const person = new Person(stranger.url);
    const begun = await person.post("/auth/sign-in/rehearsal", {}, { origin: stage.office.url });
    const callback = await person.pick(new URL(begun.headers.get("location") ?? ""), "ada");
    const here = withCookies(stage.office.url, person.jar);
    const seen = await observe(stage, () => here.request(callback));
    expectRefused(seen, { code: "state_mismatch", cause: "not_this_browser" });
    expect(seen.backChannel).toBe(0);
  });

  test("a secret that is rotated ends no sign-in and no session; one that is taken away ends sign-ins", async () => {
    const person = new Person(stage.office.url);
    await person.signIn("rehearsal", "grace");
    const signedIn = person.jar.copy();
    const starting = new Person(stage.office.url);
    const callback = await callbackOf(starting, "rehearsal", "bo");

    const publicUrl = stage.office.url;
    const rotated = await stage.openOffice({ secret: [OTHER_SECRET, SECRET], publicUrl });
    expect((await withCookies(rotated.url, signedIn).session())?.user.name).toBe("Grace Holm");
    const finishing = withCookies(rotated.url, starting.jar);
    expect((await finishing.request(callback)).headers.get("location")).toBe("/");
    expect((await finishing.session())?.user.name).toBe("Bo Lund");

    const replaced = await stage.openOffice({ secret: OTHER_SECRET, publicUrl });
    const late = withCookies(replaced.url, starting.jar);
    const seen = await observe({ ...stage, office: replaced }, () => late.request(callback));
    expectRefused(seen, { code: "state_mismatch", cause: "not_this_browser" });
    expect((await withCookies(replaced.url, signedIn).session())?.user.name).toBe("Grace Holm");
  });
});

describe("many tabs", () => {
  test("fault 107: at most eight cookies, the oldest go, and the newest eight all finish", async () => {
    const person = new Person(stage.office.url);
    const callbacks: string[] = [];
    for (let tab = 0; tab < 20; tab++) {
      callbacks.push(await callbackOf(person, "rehearsal", "bo", `/orders?tab=${tab}`));
      expect(transactionCookies(person).length).toBeLessThanOrEqual(8);
    }
    expect(transactionCookies(person)).toHaveLength(8);
    const places: (string | null)[] = [];
    for (const callback of callbacks.slice(-8))
      places.push((await person.request(callback)).headers.get("location"));
    expect(places).toEqual([12, 13, 14, 15, 16, 17, 18, 19].map((tab) => `/orders?tab=${tab}`));
    expect(transactionCookies(person)).toEqual([]);
  });

  test("fault 107, cookie size exhaustion: 20 tabs with the longest return paths never make a 431", async () => {
    const person = new Person(stage.office.url);
    let last = "";
    for (let tab = 0; tab < 20; tab++) {
      const returnTo = `/orders?q=${"%41".repeat(660)}${String(tab).padStart(2, "0")}`;
      const page = await person.request(`/auth/sign-in?return_to=${encodeURIComponent(returnTo)}`);
      expect(page.status).toBe(200);
      const begun = await person.post("/auth/sign-in/rehearsal", { return_to: returnTo });
      expect(begun.status).toBe(303);
      for (const line of begun.headers.getSetCookie()) {
        expect((line.split(";")[0] ?? "").length).toBeLessThanOrEqual(MOST_OF_A_COOKIE);
      }
      expect(person.jar.header().length).toBeLessThan(8 * 1024);
      last = await person.pick(new URL(begun.headers.get("location") ?? ""), "bo");
    }
    const back = await person.request(last);
    expect(back.headers.get("location")).toMatch(/^\/orders\?q=(%41){660}19$/);
  });

  test("cookie jar overflow: hundreds of planted transactions neither break nor outlive a few sign-ins", async () => {
    const person = new Person(stage.office.url);
    for (let i = 0; i < 300; i++) person.jar.set(`postern-tx-planted${i}`, "v1.x.y");
    for (let round = 0; round < 300 / 16; round++) {
      const begun = await person.post("/auth/sign-in/rehearsal", { return_to: "/orders" });
      // Proxies refuse answers whose head is larger than 4 or 8 KB.
      expect(begun.headers.getSetCookie().join("\r\n").length).toBeLessThan(3 * 1024);
      const back = await person.request(
        await person.pick(new URL(begun.headers.get("location") ?? ""), "bo"),
      );
      expect(back.headers.get("location")).toBe("/orders");
    }
    expect(transactionCookies(person)).toEqual([]);
  });
});
