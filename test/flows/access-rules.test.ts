import { afterEach, beforeEach, expect, test } from "vitest";
import type { AccessRule } from "../../src/index.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { lookAlikeUrls } from "../../src/rehearsal/mechanisms.ts";
import { Person } from "../../src/testing/person.ts";
import { openStage, type Stage } from "../attacks/stage.ts";
import { rehearsalProviders } from "../support/back-office.ts";

const RULES: readonly AccessRule[] = [
  { when: { provider: "corp", claim: { path: "groups", contains: "/globex/core" } }, then: "deny" },
  {
    when: {
      provider: "corp",
      all: [
        { any: [{ claim: { path: "realm_access.roles", contains: "lead" } }, { email: "ada@demo.example" }] },
        { not: { claim: { path: "preferred_username", matches: "mallory*" } } },
      ],
    },
    then: "allow",
    roles: ["admin"],
  },
  { when: { provider: "corp", emailDomain: "demo.example" }, then: "ask" },
  { when: { claim: { path: "realm_access.roles", contains: "support" } }, then: "allow" },
];

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({
    options: { access: RULES, owners: [] },
    providers: (url) => [
      ...rehearsalProviders(url),
      oidc({
        id: "corp",
        name: "Corp",
        issuer: `${lookAlikeUrls(url).realms}/realms/staff`,
        clientId: "back-office",
        clientSecret: "rehearsal-secret",
      }),
    ],
  });
});
afterEach(() => stage.close());

async function signIn(persona: string, provider = "corp") {
  const person = new Person(stage.office.url);
  const answer = await person.signIn(provider, persona);
  const events = await stage.office.door.audit.list({ limit: 50 });
  const event = events.find(({ action }) => action === "login.succeeded" || action === "login.failed");
  return { answer, page: await answer.text(), event, session: await person.session() };
}

test("claims and combinations let people in with the roles of their rule", async () => {
  const { session, event } = await signIn("ada");
  expect(session?.user.roles).toEqual(["admin"]);
  expect(event).toMatchObject({ detail: { rule: "access[1]" } });
});

test("a rule that denies comes first, whatever would let the person in afterwards", async () => {
  const { answer, session, event } = await signIn("grace");
  expect(answer.status).toBe(403);
  expect(session).toBeNull();
  expect(event).toMatchObject({ reason: "not_allowed", detail: { cause: "access[0]" } });
});

test("a rule that asks lets nobody in, says so in the audit log, and a role given by hand answers it", async () => {
  const { answer, page, session, event } = await signIn("bo");
  expect(answer.status).toBe(403);
  expect(session).toBeNull();
  expect(event).toMatchObject({
    action: "login.failed",
    reason: "not_allowed",
    detail: { cause: "access[2]", asks: true },
  });
  expect(page).toContain(event?.reference);

  await stage.office.door.users.grantBeforeSignIn("corp:bo@demo.example", "member", "test");
  expect((await signIn("bo")).session?.user.roles).toEqual(["member"]);
});

test("a claim that the provider does not tell lets nobody in", async () => {
  const { answer, event } = await signIn("bo", "rehearsal");
  expect(answer.status).toBe(403);
  expect(event).toMatchObject({ detail: { cause: "no_rule" } });
});
