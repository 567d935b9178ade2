import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import type { AccessRule, PosternOptions } from "../../src/index.ts";
import { openRuntime } from "../../src/postern.ts";
import { github } from "../../src/providers/github.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { createRecheckWorker, type RecheckWorker } from "../../src/recheck/recheck-worker.ts";
import type { Memberships } from "../../src/rehearsal/memberships.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import type { Runtime } from "../../src/runtime.ts";
import { Person } from "../../src/testing/person.ts";
import { createTokenBroker } from "../../src/vault/token-broker.ts";
import { tokenGone } from "../../src/vault/token-errors.ts";
import { type BackOffice, SECRET, startBackOffice } from "../support/back-office.ts";
import { changeTokens } from "../support/expired-tokens.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RULES: readonly AccessRule[] = [
  { when: { github: { team: "acme/ops" } }, then: "allow", roles: ["admin"] },
  { when: { all: [{ provider: "rehearsal" }, { emailDomain: "demo.example" }] }, then: "allow" },
  {
    when: { all: [{ provider: "github" }, { email: "bo@demo.example" }] },
    then: "allow",
    roles: ["auditor"],
  },
];

describe.each(["sqlite", "postgres"])("looking at people again, on %s", (engine) => {
  let ahead: number;
  const now = () => Date.now() + ahead;
  let folder: ScratchFolder;
  let rehearsal: Rehearsal;
  let office: BackOffice;
  /** Another instance on the same database, whose rounds the test sets off. */
  let runtime: Runtime;
  let worker: RecheckWorker;

  beforeEach(async () => {
    ahead = 0;
    folder = scratchFolder();
    rehearsal = await startRehearsal({ now });
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("postern.db");
    const options = { providers: keeping(rehearsal), access: RULES, owners: [], now } as const;
    office = await startBackOffice({ rehearsalUrl: rehearsal.url, database, options });
    runtime = await openRuntime({ ...options, publicUrl: office.url, secret: SECRET, database });
    worker = createRecheckWorker(runtime, createTokenBroker(runtime), () => 0.5);
  });
  afterEach(async () => {
    await worker.close();
    await runtime.store.close();
    await office.close();
    await rehearsal.close();
    folder.remove();
  });

  const signIn = async (provider: string, persona: string) => {
    const person = new Person(office.url);
    await person.signIn(provider, persona);
    return person;
  };
  const rolesOf = async (person: Person) => (await person.session())?.user.roles ?? null;
  /** Every instance knows within a second; this one is asked until then. */
  const untilRoles = (person: Person, roles: readonly string[] | null) =>
    expect.poll(() => rolesOf(person), { interval: 50, timeout: 1_500 }).toEqual(roles);
  const lookAfter = (milliseconds: number) => {
    ahead += milliseconds;
    return worker.recheckDue();
  };
  const belongTo = (change: Partial<Memberships>) => {
    const ada = rehearsal.personas.find(({ id }) => id === "ada");
    if (ada?.memberships === undefined) throw new Error("Ada belongs nowhere");
    rehearsal.setPersona({ ...ada, memberships: { ...ada.memberships, ...change } });
  };
  const told = async (action: "session.ended" | "role.revoked") =>
    (await office.door.audit.list({ action, limit: 10 })).map(({ actor, reason, detail }) => ({
      actor,
      reason,
      ...detail,
    }));

  test("who left the team is put out at the next look, roles and sessions, with an event for each", async () => {
    const ada = await signIn("github", "ada");
    expect(await rolesOf(ada)).toEqual(["admin"]);
    // Not before it is due, and nothing happens to somebody who is still there.
    expect(await lookAfter(13 * MINUTE)).toEqual([]);
    expect(await lookAfter(4 * MINUTE)).toEqual(["still_there"]);
    expect(await rolesOf(ada)).toEqual(["admin"]);

    belongTo({ teams: ["acme/support"] });
    expect(await lookAfter(17 * MINUTE)).toEqual(["left"]);
    await untilRoles(ada, null);
    expect(await told("session.ended")).toMatchObject([
      { actor: "system", reason: "left_at_provider", provider: "github" },
    ]);
    expect(await told("role.revoked")).toMatchObject([{ actor: "system", role: "admin", source: "rule" }]);
  });

  test("an outage puts nobody out before the grace period is over, and is asked less and less often", async () => {
    const ada = await signIn("github", "ada");
    rehearsal.misbehave("status-500", { endpoint: "github.user" });
    const asked = () => rehearsal.requests["github.user"];
    expect(await lookAfter(17 * MINUTE)).toEqual(["untold"]);
    const first = asked();
    expect(await lookAfter(17 * MINUTE)).toEqual([]);
    expect(asked()).toBe(first);
    expect(await lookAfter(17 * MINUTE)).toEqual(["untold"]);
    expect(await rolesOf(ada)).toEqual(["admin"]);

    // It comes back: everything is as before.
    rehearsal.behave();
    expect(await lookAfter(HOUR + 17 * MINUTE)).toEqual(["still_there"]);
    expect(await rolesOf(ada)).toEqual(["admin"]);

    // It stays away for longer than anybody vouches for them.
    rehearsal.misbehave("status-500", { endpoint: "github.user" });
    const outcomes = [];
    for (let hours = 0; hours <= 25; hours++) {
      await ada.session();
      outcomes.push(...(await lookAfter(HOUR)));
    }
    expect(outcomes.at(-1)).toBe("overdue");
    expect(outcomes.filter((one) => one === "untold").length).toBeLessThan(12);
    await untilRoles(ada, null);
    expect(await told("session.ended")).toMatchObject([{ reason: "recheck_overdue" }]);
  });

  test("of whoever left no token is kept, of whom nobody could vouch for all are", async () => {
    const kept = async (person: string) => (await runtime.store.tokens.ofUser(person)).length;
    const ada = await signIn("github", "ada");
    const adaId = (await ada.session())?.user.id ?? "";
    // Also where the session has run out by then and was cleared away.
    await runtime.store.transaction((tx) => tx.sessions.deleteOfUser(adaId));
    ahead += 17 * MINUTE;
    expect(await kept(adaId)).toBe(1);
    belongTo({ teams: [] });
    expect(await lookAfter(0)).toEqual(["left"]);
    expect(await kept(adaId)).toBe(0);
    const [dropped] = await office.door.audit.list({ action: "token.dropped", limit: 1 });
    expect(dropped).toMatchObject({ target: adaId, reason: "left_at_provider" });

    const grace = await signIn("rehearsal", "grace");
    const graceId = (await grace.session())?.user.id ?? "";
    rehearsal.misbehave("status-500", { endpoint: "token" });
    const outcomes = [];
    for (let hours = 0; hours <= 25; hours++) {
      await grace.session();
      outcomes.push(...(await lookAfter(HOUR)));
    }
    expect(outcomes.at(-1)).toBe("overdue");
    expect(await kept(graceId)).toBe(1);
  });

  test("a team that cannot be told is no reason to put anybody out", async () => {
    const ada = await signIn("github", "ada");
    rehearsal.misbehave("status-500", { endpoint: "github.teams" });
    expect(await lookAfter(17 * MINUTE)).toEqual(["untold"]);
    expect(await rolesOf(ada)).toEqual(["admin"]);
  });

  test("a token that is refused is asked with twice before it means that they are gone", async () => {
    const ada = await signIn("github", "ada");
    const userId = (await ada.session())?.user.id ?? "";
    await changeTokens(runtime.store, userId, { accessToken: "taken-back-by-the-person" });
    expect(await lookAfter(17 * MINUTE)).toEqual(["untold"]);
    expect(await rolesOf(ada)).toEqual(["admin"]);
    expect(await lookAfter(MINUTE)).toEqual(["left"]);
    await untilRoles(ada, null);
  });

  test("a refusal after an outage is the first one all the same", async () => {
    const ada = await signIn("github", "ada");
    const userId = (await ada.session())?.user.id ?? "";
    rehearsal.misbehave("status-500", { endpoint: "github.user" });
    expect(await lookAfter(17 * MINUTE)).toEqual(["untold"]);
    rehearsal.behave();
    await changeTokens(runtime.store, userId, { accessToken: "refused-for-a-moment" });
    expect(await lookAfter(HOUR)).toEqual(["untold"]);
    // Nor do two count that an outage stands between.
    rehearsal.misbehave("status-500", { endpoint: "github.user" });
    expect(await lookAfter(MINUTE)).toEqual(["untold"]);
    rehearsal.behave();
    expect(await lookAfter(4 * HOUR)).toEqual(["untold"]);
    expect(await rolesOf(ada)).toEqual(["admin"]);
    expect(await lookAfter(MINUTE)).toEqual(["left"]);
    await untilRoles(ada, null);
  });

  test("a refresh token that is spent puts them out, roles and sessions", async () => {
    const grace = await signIn("rehearsal", "grace");
    const userId = (await grace.session())?.user.id ?? "";
    await changeTokens(runtime.store, userId, { refreshToken: "taken-back-by-the-person" });
    expect(await lookAfter(17 * MINUTE)).toEqual(["left"]);
    await untilRoles(grace, null);
    expect(await told("session.ended")).toMatchObject([{ reason: "left_at_provider" }]);
    expect(await told("role.revoked")).toMatchObject([{ role: "member", source: "rule" }]);
  });

  test("one that may be spent because an answer got lost ends sessions, and takes no role", async () => {
    const grace = await signIn("rehearsal", "grace");
    const userId = (await grace.session())?.user.id ?? "";
    rehearsal.misbehave("status-500", { endpoint: "token" });
    expect(await lookAfter(17 * MINUTE)).toEqual(["untold"]);
    rehearsal.behave();
    await changeTokens(runtime.store, userId, { refreshToken: "used-up-by-the-lost-answer" });
    expect(await lookAfter(HOUR)).toEqual(["overdue"]);
    await untilRoles(grace, null);
    expect(await told("session.ended")).toMatchObject([{ reason: "recheck_overdue" }]);
    expect(await told("role.revoked")).toEqual([]);
    await grace.signIn("rehearsal", "grace");
    expect(await rolesOf(grace)).toEqual(["member"]);
  });

  test("nor does one that may be spent because a call of an API did not hear the answer", async () => {
    const grace = await signIn("rehearsal", "grace");
    const userId = (await grace.session())?.user.id ?? "";
    await changeTokens(runtime.store, userId, { refreshToken: "used-up-by-the-lost-answer" });
    const [kept] = await runtime.store.tokens.ofUser(userId);
    if (kept === undefined) throw new Error("nothing is kept");
    await runtime.store.transaction(async (tx) => {
      const version = await tx.tokens.claim(kept, { owner: "host:1", milliseconds: 5_000, patience: 0 });
      const { identityId } = kept;
      await tx.tokens.release(
        { identityId, version: version ?? 0 },
        { left: 0, code: "provider_unavailable" },
      );
    });
    expect(await lookAfter(17 * MINUTE)).toEqual(["overdue"]);
    expect(await told("session.ended")).toMatchObject([{ reason: "recheck_overdue" }]);
    expect(await told("role.revoked")).toEqual([]);
  });

  test("who signs in while their spent token is dropped is judged by that sign-in", async () => {
    const grace = await signIn("rehearsal", "grace");
    const userId = (await grace.session())?.user.id ?? "";
    await changeTokens(runtime.store, userId, { refreshToken: "taken-back-by-the-person" });
    let again: Person | null = null;
    const broker = createTokenBroker(runtime);
    const slow = {
      renewed: (identityId: string) =>
        broker.renewed(identityId).catch(async (error: unknown) => {
          again = await signIn("rehearsal", "grace");
          throw error;
        }),
    };
    const other = createRecheckWorker(runtime, slow, () => 0.5);
    ahead += 17 * MINUTE;
    expect(await other.recheckDue()).toEqual(["superseded"]);
    expect(again === null ? null : await rolesOf(again)).toEqual(["member"]);
    await other.close();
  });

  test("an address that is not told this time puts nobody out, one that is no longer verified does", async () => {
    const bo = await signIn("github", "bo");
    expect(await rolesOf(bo)).toEqual(["auditor"]);
    const persona = rehearsal.personas.find(({ id }) => id === "bo");
    if (persona === undefined) throw new Error("there is no Bo");
    rehearsal.setPersona({ ...persona, email: null });
    expect(await lookAfter(17 * MINUTE)).toEqual(["untold"]);
    expect(await rolesOf(bo)).toEqual(["auditor"]);
    rehearsal.setPersona({ ...persona, emailVerified: false });
    expect(await lookAfter(HOUR)).toEqual(["left"]);
    await untilRoles(bo, null);
  });

  test("roles follow the account that signed in, not one that was added or confirmed with since", async () => {
    const ada = await signIn("github", "ada");
    const leadTo = async (path: string) => {
      const started = await ada.post(path, { return_to: "/" });
      return ada.request(await ada.pick(new URL(started.headers.get("location") ?? ""), "ada"));
    };
    const linked = await leadTo("/auth/account/link/rehearsal");
    expect(linked.headers.get("location")).toBe("/auth/account?linked");
    expect(await lookAfter(17 * MINUTE)).toEqual(["still_there", "still_there"]);
    expect(await rolesOf(ada)).toEqual(["admin"]);

    await leadTo("/auth/step-up/rehearsal");
    expect(await lookAfter(17 * MINUTE)).toEqual(["still_there", "still_there"]);
    expect(await rolesOf(ada)).toEqual(["admin"]);

    belongTo({ teams: [] });
    // With their last session the tokens of the other account go, too, be it looked at before or after.
    expect(await lookAfter(17 * MINUTE)).toContain("left");
    await untilRoles(ada, null);
    expect(await told("role.revoked")).toMatchObject([{ role: "admin" }]);
  });

  test("whoever cannot be asked without a sign-in stays for as long as their session lives", async () => {
    const grace = await signIn("rehearsal", "grace");
    const userId = (await grace.session())?.user.id ?? "";
    await changeTokens(runtime.store, userId, { refreshToken: null, expiresAt: 1 });
    for (let hours = 0; hours < 30; hours++) expect(await lookAfter(HOUR)).toEqual(["needs_a_sign_in"]);
    expect(await told("session.ended")).toEqual([]);
    // And the grace period of an outage begins with the outage.
    await changeTokens(runtime.store, userId, { refreshToken: "some", expiresAt: 1 });
    rehearsal.misbehave("status-500", { endpoint: "token" });
    expect(await lookAfter(HOUR)).toEqual(["untold"]);
    expect(await told("session.ended")).toEqual([]);
  });

  test("a refresh token that the provider gives and cannot use is let be", async () => {
    const grace = await signIn("rehearsal", "grace");
    const [kept] = await runtime.store.tokens.ofUser((await grace.session())?.user.id ?? "");
    const provider = runtime.providers.get("rehearsal");
    if (kept === undefined || provider === undefined) throw new Error("nothing is kept");
    const providers = new Map([["rehearsal", { ...provider, refreshToken: null }]]);
    const before = rehearsal.requests.token;
    const broker = createTokenBroker({ ...runtime, providers });
    expect(await broker.renewed(kept.identityId)).toMatchObject({ isNew: false });
    expect(rehearsal.requests.token).toBe(before);
  });

  test("what the broker calls refused, because an API would not take it, puts nobody out", async () => {
    const ada = await signIn("github", "ada");
    const refused = { renewed: () => Promise.reject(tokenGone("github", "refused")) };
    const other = createRecheckWorker(runtime, refused, () => 0.5);
    ahead += 17 * MINUTE;
    expect(await other.recheckDue()).toEqual(["untold"]);
    expect(await rolesOf(ada)).toEqual(["admin"]);
    await other.close();
  });

  test("with OpenID Connect what a new ID token says counts: a changed address, too", async () => {
    const grace = await signIn("rehearsal", "grace");
    expect(await rolesOf(grace)).toEqual(["member"]);
    expect(await lookAfter(17 * MINUTE)).toEqual(["still_there"]);
    const persona = rehearsal.personas.find(({ id }) => id === "grace");
    if (persona === undefined) throw new Error("there is no Grace");
    rehearsal.setPersona({ ...persona, email: "grace@elsewhere.example" });
    expect(await lookAfter(17 * MINUTE)).toEqual(["left"]);
    await untilRoles(grace, null);
  });

  test("a role given by hand stays, and lets them stay", async () => {
    const ada = await signIn("github", "ada");
    const userId = (await ada.session())?.user.id ?? "";
    await office.door.users.grant(userId, "auditor", "job:test");
    belongTo({ teams: [] });
    expect(await lookAfter(17 * MINUTE)).toEqual(["still_there"]);
    await untilRoles(ada, ["auditor"]);
  });

  test("the last owner stays, whatever the provider says", async () => {
    const ada = await signIn("github", "ada");
    const userId = (await ada.session())?.user.id ?? "";
    await runtime.store.transaction((tx) =>
      tx.grants.insert({ userId, role: "owner", source: "rule", createdAt: now() }),
    );
    belongTo({ teams: [] });
    expect(await lookAfter(17 * MINUTE)).toEqual(["still_there"]);
    await untilRoles(ada, ["owner"]);
  });

  test("of two instances that look at once, one asks", async () => {
    const ada = await signIn("github", "ada");
    const other = createRecheckWorker(runtime, createTokenBroker(runtime), () => 0.5);
    ahead += 17 * MINUTE;
    const before = rehearsal.requests["github.user"];
    const outcomes = (await Promise.all([worker.recheckDue(), other.recheckDue()])).flat();
    expect(outcomes).toEqual(["still_there"]);
    expect(rehearsal.requests["github.user"] - before).toBe(1);
    expect(await rolesOf(ada)).toEqual(["admin"]);
    await other.close();
  });

  test("who signs in while they are looked at is judged by that sign-in", async () => {
    await signIn("github", "ada");
    belongTo({ teams: [] });
    let again: Person | null = null;
    rehearsal.delay("github.teams", async () => {
      if (again !== null) return;
      again = new Person(office.url);
      belongTo({ teams: ["acme/ops"] });
      await again.signIn("github", "ada");
      belongTo({ teams: [] });
    });
    expect(await lookAfter(17 * MINUTE)).toEqual(["superseded"]);
    expect(again === null ? null : await rolesOf(again)).toEqual(["admin"]);
  });

  /** Who is on one team may come in; then, while GitHub is asked about it, who is on another. */
  const changeWhileAsked = async () => {
    const ofTeam = (team: string) =>
      ({ when: { github: { team } }, then: "allow", roles: ["auditor"] }) as const satisfies AccessRule;
    const { rules } = office.door;
    const by = { actor: "job:test", confirmed: true };
    const { version } = await rules.list();
    const { id } = await rules.add({ rule: ofTeam("acme/leads") }, { ...by, version });
    belongTo({ teams: ["acme/leads", "acme/core"] });
    return () =>
      rehearsal.delay("github.teams", async () => {
        rehearsal.delay("github.teams", null);
        await rules.change(id ?? "", { rule: ofTeam("acme/core") }, { ...by, ...(await rules.list()) });
      });
  };

  test("rules that change while the provider is asked put nobody out: it is asked once more, by the new ones", async () => {
    const change = await changeWhileAsked();
    const ada = await signIn("github", "ada");
    expect(await rolesOf(ada)).toEqual(["auditor"]);
    change();
    expect(await lookAfter(17 * MINUTE)).toEqual(["superseded"]);
    expect(await rolesOf(ada)).toEqual(["auditor"]);
    expect(await lookAfter(MINUTE)).toEqual(["still_there"]);
    belongTo({ teams: ["acme/leads"] });
    expect(await lookAfter(17 * MINUTE)).toEqual(["left"]);
    await untilRoles(ada, null);
  });

  test("rules that change while somebody signs in: the provider is asked what is missing", async () => {
    const change = await changeWhileAsked();
    change();
    expect(await rolesOf(await signIn("github", "ada"))).toEqual(["auditor"]);
    belongTo({ teams: ["acme/leads"] });
    expect(await rolesOf(await signIn("github", "ada"))).toBeNull();
  });

  test("who signed out is not looked at any more: their tokens are gone", async () => {
    const ada = await signIn("github", "ada");
    await ada.post("/auth/sign-out");
    const before = rehearsal.requests["github.user"];
    expect(await lookAfter(17 * MINUTE)).toEqual([]);
    expect(rehearsal.requests["github.user"]).toBe(before);
  });
});

function keeping({ url, githubUrl }: Rehearsal): PosternOptions["providers"] {
  const client = { clientId: "back-office", clientSecret: "rehearsal-secret", keepTokens: true };
  return [
    oidc({ id: "rehearsal", name: "Rehearsal", issuer: url, ...client }),
    github({ baseUrl: githubUrl, ...client }),
  ];
}
