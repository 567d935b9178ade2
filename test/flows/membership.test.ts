import { afterEach, beforeEach, expect, test } from "vitest";
import type { AccessRule } from "../../src/index.ts";
import type { Profile, Sources } from "../../src/providers/definition.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { Person } from "../../src/testing/person.ts";
import { openStage, type Stage } from "../attacks/stage.ts";

const RULES: readonly AccessRule[] = [
  { when: { github: { team: "globex/core" } }, then: "deny" },
  { when: { github: { team: "acme/ops" } }, then: "allow", roles: ["admin"] },
  { when: { github: { team: "acme/support" } }, then: "allow" },
];

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ options: { access: RULES, owners: [] } });
});
afterEach(() => stage.close());

async function signIn(persona: string) {
  const person = new Person(stage.office.url);
  const authorize = await person.start("github");
  const answer = await person.request(await person.pick(authorize, persona));
  const [event] = await stage.office.door.audit
    .list({ limit: 50 })
    .then((events) =>
      events.filter(({ action }) => action === "login.succeeded" || action === "login.failed"),
    );
  return { authorize, answer, event, session: await person.session() };
}

test("a rule asks for the scope that it needs", async () => {
  expect((await signIn("ada")).authorize.searchParams.get("scope")?.split(" ")).toContain("read:org");
});

test("somebody of the team enters by its rule, and the audit log says why", async () => {
  const { session, event } = await signIn("ada");
  expect(session?.user.roles).toEqual(["admin"]);
  expect(event).toMatchObject({
    action: "login.succeeded",
    detail: { rule: "access[1]", memberships: { "team globex/core": "no", "team acme/ops": "yes" } },
  });
});

test("somebody of a team that is kept out stays out, whatever else they are in", async () => {
  const { answer, session, event } = await signIn("grace");
  expect(answer.status).toBe(403);
  expect(session).toBeNull();
  expect(event).toMatchObject({ detail: { cause: "access[0]", memberships: { "team globex/core": "yes" } } });
});

test("somebody of no team stays out", async () => {
  const { answer, event } = await signIn("mallory");
  expect(answer.status).toBe(403);
  expect(event).toMatchObject({ detail: { cause: "no_rule", memberships: { "team acme/support": "no" } } });
});

test("somebody who comes under a new id is the same user, and known by the new one from then on", async () => {
  const office = (profile: (sources: Sources) => Profile) => {
    const definition = oidc({
      id: "rehearsal",
      name: "Rehearsal",
      issuer: stage.rehearsal.url,
      clientId: "back-office",
      clientSecret: "rehearsal-secret",
    });
    const access: readonly AccessRule[] = [{ when: { provider: "rehearsal" }, then: "allow" }];
    return stage.openOffice({ providers: [{ ...definition, profile }], access });
  };
  const subject = ({ idToken }: Sources) => String(idToken?.sub);
  const old = await office((sources) => ({ subject: `open-${subject(sources)}`, claims: {} }));
  const both = await office((sources) => ({
    subject: `union-${subject(sources)}`,
    subjectAliases: [`open-${subject(sources)}`],
    claims: {},
  }));
  const late = await office((sources) => ({ subject: `union-${subject(sources)}`, claims: {} }));

  const ids: (string | undefined)[] = [];
  for (const { url } of [old, both, late]) {
    const ada = new Person(url);
    await ada.signIn("rehearsal", "ada");
    ids.push((await ada.session())?.user.id);
  }
  expect(ids[0]).toMatch(/^usr_/);
  expect(ids).toEqual([ids[0], ids[0], ids[0]]);
  const events = await both.door.audit.list({ action: "login.succeeded", limit: 10 });
  expect(events.map(({ detail }) => detail.subject).filter((change) => change !== undefined)).toEqual([
    { before: "open-100000000000000001001", after: "union-100000000000000001001" },
  ]);
});
