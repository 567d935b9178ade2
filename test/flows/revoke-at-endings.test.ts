import { beforeEach, describe, expect, test } from "vitest";
import { visitPostern } from "../../src/postern.ts";
import { google } from "../../src/providers/google.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { Person } from "../../src/testing/person.ts";
import { allEvents, ENGINES, openStage, type Stage } from "../attacks/stage.ts";
import { SECRET } from "../support/back-office.ts";

const HOUR = 3_600_000;
const BY = "cli:root@host";

/** Two providers that revoke by RFC 7009; the first one tells of logouts, too. */
const providers = (url: string) => {
  const client = { clientId: "back-office", clientSecret: "rehearsal-secret", keepTokens: true };
  return [
    oidc({ id: "rehearsal", name: "Rehearsal", issuer: url, apiUrl: url, ...client }),
    google({ baseUrl: `${url}/no-second-refresh`, ...client }),
  ];
};

describe.each(ENGINES)(
  "whoever ends the last session of an identity, its tokens are revoked (%s)",
  (engine) => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await openStage({
        engine,
        providers,
        options: { owners: [], signOut: { rehearsal: { frontChannel: true } } },
      });
      return () => stage.close();
    });

    async function signedIn(provider = "rehearsal", persona = "bo", person = new Person(stage.office.url)) {
      await person.signIn(provider, persona);
      const principal = await person.session();
      if (principal === null) throw new Error(`${persona} is not signed in`);
      return {
        person,
        user: principal.user,
        session: { id: principal.session.id, userId: principal.user.id },
      };
    }

    /** The same person by both accounts: the first session by one, the second by the other. */
    async function twoAccounts() {
      const first = await signedIn();
      const started = await first.person.post("/auth/account/link/google");
      await first.person.comeBack(
        await first.person.choose(new URL(started.headers.get("location") ?? ""), "bo"),
      );
      const second = await signedIn("google");
      expect(second.user.id).toBe(first.user.id);
      return { first, second };
    }

    const revoked = () => ({
      rehearsal: stage.rehearsal.requests.revocation,
      google: stage.rehearsal.requests["no-second-refresh.revocation"],
    });
    const hasTokens = async (user: { readonly id: string }, provider: string) =>
      stage.office.door.accessToken(user, provider).then(
        () => true,
        (error: { code?: string }) => {
          expect(error.code).toBe("token_gone");
          return false;
        },
      );
    /** The refresh token and the access token of one identity, once each. */
    const expectRevoked = async (rehearsal: number, google = 0) => {
      await expect.poll(revoked).toEqual({ rehearsal: 2 * rehearsal, google: 2 * google });
    };

    test.each<[string, (one: { id: string; userId: string }) => Promise<unknown>]>([
      ["sessions.end", (one) => stage.office.door.sessions.end(one, BY)],
      ["sessions.endAllOf", (one) => stage.office.door.sessions.endAllOf(one.userId, BY)],
      ["users.suspend", (one) => stage.office.door.users.suspend(one.userId, BY)],
      ["users.delete", (one) => stage.office.door.users.delete(one.userId, BY)],
      ["the provider's logout token", () => tellLogout()],
      ["the provider's frame", () => loadFrame()],
    ])("%s: once", async (_, end) => {
      const { user, session } = await signedIn();
      await end(session);
      expect(await hasTokens(user, "rehearsal")).toBe(false);
      await expectRevoked(1);
      // Again: there is nothing left to be revoked.
      await stage.office.door.sessions.end(session, BY);
      await stage.office.door.sessions.endAllOf(user.id, BY);
      expect(revoked().rehearsal).toBe(2);
      const ended = (await allEvents(stage)).filter(({ action }) => action === "session.ended");
      expect(ended).toMatchObject([{ detail: { tokensGivenUp: [expect.stringMatching(/^idn_/)] } }]);
    });

    async function tellLogout() {
      const to = `${stage.office.url}/auth/backchannel-logout/rehearsal`;
      const { status } = await stage.rehearsal.sendLogout(to, { clientId: "back-office", persona: "bo" });
      expect(status).toBe(200);
    }

    async function loadFrame() {
      const token = await stage.rehearsal.logoutToken({ clientId: "back-office", persona: "bo" });
      const { sid } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
      const query = new URLSearchParams({ iss: stage.rehearsal.issuer, sid });
      const address = `${stage.office.url}/auth/frontchannel-logout/rehearsal?${query}`;
      const headers = { "sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site" };
      expect((await fetch(address, { headers })).status).toBe(200);
    }

    test("a second session of the same identity keeps them, whoever ends the first", async () => {
      const [phone, laptop, tablet] = [await signedIn(), await signedIn(), await signedIn()];
      await phone.person.post(`/auth/account/sessions/${tablet.session.id}/sign-out`);
      await stage.office.door.sessions.end(phone.session, BY);
      expect(await hasTokens(laptop.user, "rehearsal")).toBe(true);
      await laptop.person.post("/auth/account/sign-out-others");
      expect(await hasTokens(laptop.user, "rehearsal")).toBe(true);
      expect(revoked().rehearsal).toBe(0);
      await stage.office.door.sessions.end(laptop.session, BY);
      await expectRevoked(1);
    });

    test("another device ends it on the account page: the account that ended loses its tokens, the other one stays", async () => {
      const { first, second } = await twoAccounts();
      await second.person.post(`/auth/account/sessions/${first.session.id}/sign-out`);
      expect(await hasTokens(second.user, "rehearsal")).toBe(false);
      expect(await hasTokens(second.user, "google")).toBe(true);
      await expectRevoked(1);
    });

    test("sign out everywhere else, and everywhere", async () => {
      const { first, second } = await twoAccounts();
      await first.person.post("/auth/account/sign-out-others");
      expect(await second.person.session()).toBeNull();
      await expectRevoked(0, 1);
      await first.person.post("/auth/account/sign-out-everywhere");
      await expectRevoked(1, 1);
    });

    test("an account that was only added loses its tokens when its person is signed in nowhere any more", async () => {
      const { first, second } = await twoAccounts();
      await stage.office.door.sessions.end(second.session, BY);
      await expectRevoked(0, 1);
      const started = await first.person.post("/auth/step-up/google", { return_to: "/" });
      await first.person.comeBack(
        await first.person.choose(new URL(started.headers.get("location") ?? ""), "bo"),
      );
      expect(await hasTokens(first.user, "google")).toBe(true);
      await first.person.post("/auth/sign-out");
      await expectRevoked(1, 2);
    });

    test("a command waits until it is done", async () => {
      const { user } = await signedIn();
      const { url } = stage.office;
      const visit = await visitPostern({
        publicUrl: url,
        secret: SECRET,
        database: stage.database,
        providers: providers(stage.rehearsal.url),
      });
      await visit.sessions.endAllOf(user.id, BY);
      await visit.close();
      expect(revoked().rehearsal).toBe(2);
    });

    test("somebody else in the same browser ends it, the same person does not", async () => {
      const bo = await signedIn();
      await signedIn("rehearsal", "bo", bo.person);
      expect(await hasTokens(bo.user, "rehearsal")).toBe(true);
      const grace = await signedIn("rehearsal", "grace", bo.person);
      expect(await hasTokens(bo.user, "rehearsal")).toBe(false);
      expect(await hasTokens(grace.user, "rehearsal")).toBe(true);
      await expectRevoked(1);
      const [ended] = (await allEvents(stage)).filter(({ action }) => action === "session.ended");
      expect(ended).toMatchObject({
        actor: grace.user.id,
        reason: "replaced",
        detail: { userId: bo.user.id },
      });
    });

    test("two browsers that change hands with each other at once", async () => {
      const [bo, grace] = [await signedIn("rehearsal", "bo"), await signedIn("rehearsal", "grace")];
      const begin = async (person: Person, persona: string) =>
        person.choose(await person.start("rehearsal"), persona);
      const callbacks = [await begin(bo.person, "grace"), await begin(grace.person, "bo")] as const;
      await Promise.all([bo.person.comeBack(callbacks[0]), grace.person.comeBack(callbacks[1])]);
      expect((await bo.person.session())?.user.id).toBe(grace.user.id);
      expect((await grace.person.session())?.user.id).toBe(bo.user.id);
    });

    test("an account that is taken away, and one that is merged into another", async () => {
      const { first, second } = await twoAccounts();
      const accounts = await stage.office.door.users.identitiesOf(first.user.id);
      const linked = accounts.find(({ provider }) => provider === "google")?.id ?? "";
      await stage.office.door.users.unlink(first.user.id, linked, BY);
      expect(await second.person.session()).toBeNull();
      await expectRevoked(0, 1);
      const grace = await signedIn("rehearsal", "grace");
      await stage.office.door.users.merge(first.user.id, grace.user.id, BY);
      await expectRevoked(1, 1);
      expect(await hasTokens(grace.user, "rehearsal")).toBe(true);
    });

    test("two last devices that are ended at once, by two instances: once", async () => {
      const other = await stage.openOffice({ publicUrl: stage.office.url });
      for (let round = 1; round <= 5; round++) {
        const [phone, laptop] = [await signedIn(), await signedIn()];
        await Promise.all([
          stage.office.door.sessions.end(phone.session, BY),
          other.door.sessions.end(laptop.session, BY),
          other.door.sessions.end(phone.session, BY),
        ]);
        expect(await hasTokens(phone.user, "rehearsal")).toBe(false);
        await expectRevoked(round);
      }
    });

    test("what runs out by time takes none along, and the application may go on", async () => {
      const { user, person } = await signedIn();
      stage.passTime(9 * HOUR);
      expect(await person.session()).toBeNull();
      expect(await hasTokens(user, "rehearsal")).toBe(true);
      // The next sign-in clears away what has run out. A device that has run out needs nothing any more.
      stage.passTime(8 * 24 * HOUR);
      const again = await signedIn();
      expect(revoked().rehearsal).toBe(0);
      await stage.office.door.sessions.end(again.session, BY);
      await expectRevoked(1);
    });

    test("what is refreshed at the moment of the ending is revoked too", async () => {
      const { user, session } = await signedIn();
      const { promise: asked, resolve: arrived } = Promise.withResolvers<void>();
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      const { promise: revocable, resolve: letRevoke } = Promise.withResolvers<void>();
      // The provider answers the refresh before it hears that the grant is over.
      stage.rehearsal.delay("revocation", () => revocable);
      stage.rehearsal.delay("token", () => {
        arrived();
        return released;
      });
      stage.passTime(2 * HOUR);
      const wanted = hasTokens(user, "rehearsal");
      await asked;
      await stage.office.door.sessions.end(session, BY);
      release();
      expect(await wanted).toBe(false);
      letRevoke();
      await expectRevoked(2);
    });

    test("a provider that is down or silent holds no ending up", async () => {
      const { session, user } = await signedIn();
      let release = () => {};
      stage.rehearsal.delay(
        "revocation",
        () =>
          new Promise<void>((resolve) => {
            release = resolve;
          }),
      );
      await stage.office.door.sessions.end(session, BY);
      expect(await hasTokens(user, "rehearsal")).toBe(false);
      stage.rehearsal.delay("revocation", null);
      release();

      const next = await signedIn();
      await stage.endProvider();
      expect(await stage.office.door.sessions.endAllOf(next.user.id, BY)).toBe(1);
      const said = "Tokens could not be revoked at the provider.";
      await expect.poll(() => stage.office.logged.join("\n")).toContain(said);
    });
  },
);
