import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/index.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import { freshDatabase } from "../support/postgres.ts";

const JSON_ONLY = { accept: "application/json" };
const SIGNED_OUT_THERE = "You are signed out at <bdi>Rehearsal</bdi> as well.";

/** What a browser shows after signing out: it is led on where something is still to be done at the provider. */
async function signedOutPage(person: Person): Promise<Response> {
  const page = await person.request("/auth/signed-out");
  if (page.status !== 303) return page;
  expect(page.headers.get("location")).toBe("/auth/signed-out/provider");
  return person.request("/auth/signed-out/provider");
}

/** Signs out; answers the page that follows and where it sends the browser. */
async function signOut(person: Person) {
  const pressed = await person.post("/auth/sign-out");
  expect([pressed.status, pressed.headers.get("location")]).toEqual([303, "/auth/signed-out"]);
  const page = await signedOutPage(person);
  const text = await page.text();
  const [, address] = /http-equiv="refresh" content="0; url=([^"]*)"/.exec(text) ?? [];
  const goesTo = address === undefined ? null : new URL(address.replaceAll("&amp;", "&"));
  return { status: page.status, text, goesTo };
}

/** What the provider does with the browser; answers the path that it comes back to. */
async function atProvider(address: URL | null): Promise<URL> {
  const response = await fetch(address ?? "", { redirect: "manual" });
  expect(response.status).toBe(303);
  return new URL(response.headers.get("location") ?? "");
}

describe.each(["sqlite", "postgres"])("signing out on %s", (engine) => {
  let rehearsal: Rehearsal;
  let office: BackOffice;
  let ahead = 0;

  beforeAll(async () => {
    rehearsal = await startRehearsal();
    const database = engine === "postgres" ? { database: await freshDatabase(inject("postgresUrl")) } : {};
    const options = { now: () => Date.now() + ahead };
    office = await startBackOffice({ rehearsalUrl: rehearsal.url, options, ...database });
  });
  afterEach(() => {
    ahead = 0;
  });
  afterAll(async () => {
    await office.close();
    await rehearsal.close();
  });

  async function signedIn(persona = "bo", provider = "rehearsal"): Promise<Person> {
    const person = new Person(office.url);
    await person.signIn(provider, persona);
    expect(await person.session()).not.toBeNull();
    return person;
  }

  test("oidcc-client-test-rp-init-logout: ended there too, with everything that the provider wants to know", async () => {
    const bo = await signedIn();
    const ended = rehearsal.requests.logout;
    const { status, text, goesTo } = await signOut(bo);
    expect(status).toBe(200);
    expect(text).toContain("You are signed out");
    // The person is out here before anything is asked of the provider.
    expect(await bo.session()).toBeNull();
    expect(rehearsal.requests.logout).toBe(ended);

    expect(goesTo?.origin + (goesTo?.pathname ?? "")).toBe(`${rehearsal.url}/logout`);
    const { id_token_hint, state, ...rest } = Object.fromEntries(goesTo?.searchParams ?? []);
    expect(rest).toEqual({
      client_id: "back-office",
      post_logout_redirect_uri: `${office.url}/auth/signed-out`,
    });
    expect(id_token_hint).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(state).toMatch(/^[\w-]{43}$/);

    const back = await atProvider(goesTo);
    expect(back.searchParams.get("state")).toBe(state);
    const returned = await bo.request(back.pathname + back.search);
    expect([returned.status, returned.headers.get("location")]).toEqual([303, "/auth/signed-out"]);
    const page = await (await bo.request("/auth/signed-out")).text();
    expect(page).toContain(SIGNED_OUT_THERE);
    expect(page).not.toContain("http-equiv");
  });

  test.each([
    ["oidcc-client-test-rp-init-logout-no-state", null],
    ["oidcc-client-test-rp-init-logout-other-state", "another-state"],
  ])("%s: signed out here all the same, and nothing is claimed of the provider", async (_, state) => {
    const bo = await signedIn();
    const back = await atProvider((await signOut(bo)).goesTo);
    back.searchParams.delete("state");
    if (state !== null) back.searchParams.set("state", state);
    const returned = await bo.request(back.pathname + back.search);
    const page = returned.status === 303 ? await bo.request("/auth/signed-out") : returned;
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain("You may still be signed in at");
    expect(text).not.toContain("http-equiv");
    expect(await bo.session()).toBeNull();
  });

  test("another browser's state, or a state without a sign-out, tells nothing", async () => {
    const [bo, grace] = [await signedIn("bo"), await signedIn("grace")];
    const back = await atProvider((await signOut(bo)).goesTo);
    await signOut(grace);
    for (const other of [grace, new Person(office.url)]) {
      const returned = await other.request(back.pathname + back.search);
      expect(returned.headers.get("location")).toBe("/auth/signed-out");
      expect(await (await other.request("/auth/signed-out")).text()).not.toContain(SIGNED_OUT_THERE);
    }
  });

  test("the way to the provider is taken once: going back shows the page", async () => {
    const bo = await signedIn();
    const cookies = bo.jar;
    const before = new Person(office.url, { jar: cookies });
    const pressed = await before.post("/auth/sign-out");
    const kept = cookies.header();
    const first = await before.request("/auth/signed-out/provider");
    expect(await first.text()).toContain("http-equiv");
    // The cookie as it was before the page was shown, once more.
    const again = await before.request("/auth/signed-out/provider", { headers: { cookie: kept } });
    expect([again.status, again.headers.get("location")]).toEqual([303, "/auth/signed-out"]);
    expect(pressed.headers.getSetCookie().join()).not.toMatch(/eyJ/);
  });

  test("a program gets an address that it can use, and never a redirect to another origin", async () => {
    const bo = await signedIn();
    const answer = await bo.post("/auth/sign-out", {}, JSON_ONLY);
    expect(answer.status).toBe(200);
    const { endSessionUrl } = (await answer.json()) as { endSessionUrl: string };
    expect(await bo.session()).toBeNull();
    const back = await atProvider(new URL(endSessionUrl));
    await bo.request(back.pathname + back.search);
    expect(await (await bo.request("/auth/signed-out")).text()).toContain(SIGNED_OUT_THERE);

    const nobody = await bo.post("/auth/sign-out", {}, JSON_ONLY);
    expect([nobody.status, await nobody.json()]).toEqual([200, { endSessionUrl: null }]);
    const github = await signedIn("bo", "github");
    expect(await (await github.post("/auth/sign-out", {}, JSON_ONLY)).json()).toEqual({
      endSessionUrl: null,
    });
  });

  test("a sign-out that was not taken to its end is forgotten at the next sign-in", async () => {
    const bo = await signedIn();
    await bo.post("/auth/sign-out");
    await bo.signIn("rehearsal", "bo");
    const page = await bo.request("/auth/signed-out");
    expect([page.status, await page.text()]).toEqual([200, expect.not.stringContaining("http-equiv")]);
    expect((await bo.request("/auth/signed-out/provider")).headers.get("location")).toBe("/auth/signed-out");
  });

  test("a client that is no browser is redirected", async () => {
    const bo = await signedIn();
    await bo.post("/auth/sign-out");
    const answer = await fetch(`${office.url}/auth/signed-out/provider`, {
      headers: { cookie: bo.jar.header(), accept: "text/html", "sec-fetch-mode": "cors" },
      redirect: "manual",
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toContain(`${rehearsal.url}/logout?`);
  });

  test("of a session that has run out meanwhile: ended there too, since the provider may still know them", async () => {
    const bo = await signedIn();
    ahead = 9 * 60 * 60_000;
    expect(await bo.session()).toBeNull();
    const { goesTo } = await signOut(bo);
    expect(goesTo?.searchParams.has("id_token_hint")).toBe(true);
    const back = await atProvider(goesTo);
    await bo.request(back.pathname + back.search);
    expect(await (await bo.request("/auth/signed-out")).text()).toContain(SIGNED_OUT_THERE);
  });

  describe("pressed twice, since the first answer never arrived", () => {
    /** The same browser at its first press: what it is answered goes nowhere. */
    const firstPress = (person: Person) => new Person(office.url, { jar: person.jar.copy() });

    test("the second press goes on where the first would have led", async () => {
      const bo = await signedIn();
      await firstPress(bo).post("/auth/sign-out");
      const { goesTo } = await signOut(bo);
      expect(goesTo?.searchParams.has("id_token_hint")).toBe(true);
      const back = await atProvider(goesTo);
      await bo.request(back.pathname + back.search);
      expect(await (await bo.request("/auth/signed-out")).text()).toContain(SIGNED_OUT_THERE);
    });

    test("both at once go to the same place, once", async () => {
      const bo = await signedIn();
      const both = [firstPress(bo), firstPress(bo)] as const;
      await Promise.all(both.map((person) => person.post("/auth/sign-out")));
      const pages = [await signedOutPage(both[0]), await signedOutPage(both[1])] as const;
      expect(await pages[0].text()).toContain("http-equiv");
      expect(pages[1].headers.get("location")).toBe("/auth/signed-out");
      expect(await (await signedOutPage(both[1])).text()).toContain("You may still be signed in at");
    });

    test("a program gets the same address once more", async () => {
      const bo = await signedIn();
      const first = await firstPress(bo).post("/auth/sign-out");
      expect(first.status).toBe(303);
      const { endSessionUrl } = (await (await bo.post("/auth/sign-out", {}, JSON_ONLY)).json()) as {
        endSessionUrl: string;
      };
      expect(new URL(endSessionUrl).searchParams.has("id_token_hint")).toBe(true);
    });

    test.each([
      ["the way there has been taken", "rehearsal"],
      ["there is no way", "github"],
    ])("people are told that they may still be signed in there where %s", async (_, provider) => {
      const bo = await signedIn("bo", provider);
      const first = firstPress(bo);
      await first.post("/auth/sign-out");
      await signedOutPage(first);
      const { text, goesTo } = await signOut(bo);
      expect(goesTo).toBeNull();
      expect(text).toContain("You may still be signed in at");
    });

    test("another browser learns nothing of it", async () => {
      const bo = await signedIn();
      await firstPress(bo).post("/auth/sign-out");
      const secret = bo.jar.get("postern") ?? "";
      for (const cookie of [`postern=${"A".repeat(43)}`, `postern=${secret.toLowerCase()}`, ""]) {
        const stranger = new Person(office.url);
        const pressed = await stranger.post("/auth/sign-out", {}, { cookie });
        expect(pressed.headers.getSetCookie().join()).not.toContain("postern-sign-out");
        expect(await (await stranger.request("/auth/signed-out")).text()).not.toContain(
          "<bdi>Rehearsal</bdi>",
        );
      }
      expect((await signOut(bo)).goesTo).not.toBeNull();
    });
  });

  test("where the provider cannot end sessions, people are told that they may still be signed in there", async () => {
    const bo = await signedIn("bo", "github");
    const { text, goesTo } = await signOut(bo);
    expect(goesTo).toBeNull();
    expect(text).toContain("You may still be signed in at");
  });

  test("the ID token is kept sealed, and gone when it has been used", async () => {
    const bo = await signedIn();
    const { goesTo } = await signOut(bo);
    expect(goesTo?.searchParams.has("id_token_hint")).toBe(true);
    expect(office.logged.join("\n")).not.toContain(goesTo?.searchParams.get("id_token_hint"));
  });
});

describe("what an application may choose for a provider", () => {
  let rehearsal: Rehearsal;
  const offices: BackOffice[] = [];
  beforeAll(async () => {
    rehearsal = await startRehearsal();
  });
  afterAll(async () => {
    await Promise.all(offices.map((office) => office.close()));
    await rehearsal.close();
  });

  async function signedOutWith(atProvider: "always" | "offer" | "never") {
    const options = { signOut: { rehearsal: { atProvider } } };
    const office = await startBackOffice({ rehearsalUrl: rehearsal.url, options });
    offices.push(office);
    const person = new Person(office.url);
    await person.signIn("rehearsal", "bo");
    await person.post("/auth/sign-out");
    return { person, text: await (await signedOutPage(person)).text() };
  }

  test("never: only here", async () => {
    const { text } = await signedOutWith("never");
    expect(text).toContain("You may still be signed in at");
    expect(text).not.toContain("http-equiv");
    expect(text).not.toContain("?continue");
  });

  test("offer: by a link on the page, and by no other site's", async () => {
    const { person, text } = await signedOutWith("offer");
    expect(text).not.toContain("http-equiv");
    expect(text).toContain('href="/auth/signed-out/provider"');
    const elsewhere = await person.request("/auth/signed-out/provider", {
      headers: { "sec-fetch-site": "cross-site" },
    });
    expect([elsewhere.status, elsewhere.headers.get("location")]).toEqual([303, "/auth/signed-out"]);
    const own = await person.request("/auth/signed-out/provider");
    expect(await own.text()).toContain(`url=${rehearsal.url}/logout?`);
  });

  test("what cannot be chosen is told at the start, with the nearest word", async () => {
    const options = { signOut: { rehersal: { atProvider: "sometimes", frontchannel: 1 } } } as object;
    const failed = startBackOffice({ rehearsalUrl: rehearsal.url, options });
    await expect(failed).rejects.toThrow(
      /signOut\.rehersal[\s\S]*"rehearsal"[\s\S]*signOut\.rehersal\.frontchannel[\s\S]*"frontChannel"[\s\S]*atProvider/,
    );
  });
});

describe("a provider on a bad day", () => {
  test("that is gone, or never answers, keeps nobody from signing out", async () => {
    const rehearsal = await startRehearsal();
    const office = await startBackOffice({ rehearsalUrl: rehearsal.url });
    try {
      const person = new Person(office.url);
      await person.signIn("rehearsal", "bo");
      await rehearsal.close();
      await person.post("/auth/sign-out");
      expect(await person.session()).toBeNull();
      // Where it is has been known since the sign-in, so that the browser finds out for itself.
      const page = await signedOutPage(person);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("You are signed out")]);
      expect(await (await person.request("/auth/signed-out")).text()).toContain("You may still be");
    } finally {
      await office.close();
    }
  });
});
