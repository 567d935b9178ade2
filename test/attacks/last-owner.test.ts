import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PosternError } from "../../src/index.ts";
import { Person } from "../../src/testing/person.ts";
import type { BackOffice } from "../support/back-office.ts";
import { ENGINES, openStage, type Stage } from "./stage.ts";

const ROUNDS = 40;

describe.each(ENGINES)("4.57: the last owner (%s)", (engine) => {
  let stage: Stage;
  /** Another instance, whose configuration names no owner any more. */
  let other: BackOffice;
  let ada: string;
  let bo: string;
  let grace: string;

  beforeAll(async () => {
    stage = await openStage({ engine });
    other = await stage.openOffice({ publicUrl: stage.office.url, owners: [] });
    ada = await userId("rehearsal", "ada");
    bo = await userId("rehearsal", "bo");
    grace = await userId("rehearsal", "grace");
  });
  afterAll(() => stage.close());

  async function userId(provider: string, persona: string): Promise<string> {
    const person = new Person(stage.office.url);
    await person.signIn(provider, persona);
    return (await person.session())?.user.id ?? "";
  }

  /** Signs somebody in at the instance that names no owner. */
  async function signInAtOther(provider: string, persona: string): Promise<number> {
    const person = new Person(other.url);
    const begun = await person.post(`/auth/sign-in/${provider}`, {}, { origin: stage.office.url });
    const callback = await person.pick(new URL(begun.headers.get("location") ?? ""), persona);
    return (await person.request(callback)).status;
  }

  const owners = async () => (await stage.office.door.users.list({ role: "owner" })).map(({ id }) => id);
  const revoke = (office: BackOffice, who: string, actor: string) =>
    office.door.users.revoke(who, "owner", actor);

  test("cannot be revoked, by nobody, and nothing is half done", async () => {
    expect(await owners()).toEqual([ada]);
    const held = await stage.office.door.users.grantsOf(ada);
    for (const office of [stage.office, other]) {
      await expect(revoke(office, ada, ada)).rejects.toMatchObject({ code: "last_owner" });
    }
    expect(await stage.office.door.users.grantsOf(ada)).toEqual(held);
  });

  test(`two owners who revoke each other at the same moment, ${ROUNDS} times, from two instances`, async () => {
    await stage.office.door.users.grant(bo, "owner", "test");
    await revoke(stage.office, ada, bo);
    for (let round = 0; round < ROUNDS; round++) {
      await stage.office.door.users.grant(bo, "owner", "test");
      await stage.office.door.users.grant(grace, "owner", "test");
      expect((await owners()).sort()).toEqual([bo, grace].sort());
      const results = await Promise.allSettled([revoke(stage.office, bo, grace), revoke(other, grace, bo)]);
      const refused = results.filter((result) => result.status === "rejected");
      expect(refused.map(({ reason }) => (reason as PosternError).code)).toEqual(["last_owner"]);
      expect(refused[0]?.reason).toBeInstanceOf(PosternError);
      expect(await owners()).toHaveLength(1);
    }
  });

  test("ten administrators at once, each revoking every owner there is", async () => {
    for (let round = 0; round < 5; round++) {
      for (const id of [ada, bo, grace]) await stage.office.door.users.grant(id, "owner", "test");
      const attempts = [stage.office, other].flatMap((office) =>
        [ada, bo, grace, grace, bo].map((id) => revoke(office, id, "test")),
      );
      await Promise.allSettled(attempts);
      expect(await owners()).toHaveLength(1);
    }
  });

  test("whom the configuration has dropped stays until there is an owner who stays, however many come at once", async () => {
    for (let round = 0; round < 5; round++) {
      // Both become owners by the configuration, as two users of two providers.
      const first = await userId("rehearsal", "ada");
      const second = await userId("github", "ada");
      for (const id of await owners())
        if (id !== first && id !== second) await revoke(stage.office, id, "test");
      for (const grant of await stage.office.door.users.grantsOf(first)) {
        if (grant.role === "owner" && grant.source === "direct") await revoke(stage.office, first, "test");
      }
      await userId("rehearsal", "ada");
      expect(await owners()).toHaveLength(2);

      const statuses = await Promise.all([signInAtOther("rehearsal", "ada"), signInAtOther("github", "ada")]);
      expect(statuses).toEqual([303, 303]);
      // Neither counts as the other one who stays: without a third, nobody can be done without.
      expect((await owners()).length).toBeGreaterThanOrEqual(1);

      await stage.office.door.users.grant(grace, "owner", "test");
      await Promise.all([signInAtOther("rehearsal", "ada"), signInAtOther("github", "ada")]);
      expect(await owners()).toEqual([grace]);
    }
  });

  test("a sign-in that drops an owner and a revocation of the other at the same moment", async () => {
    for (let round = 0; round < 10; round++) {
      await userId("github", "ada");
      await stage.office.door.users.grant(grace, "owner", "test");
      for (const id of await owners()) {
        const held = await stage.office.door.users.grantsOf(id);
        const byHand = held.some(({ role, source }) => role === "owner" && source === "direct");
        if (byHand && id !== grace) await revoke(stage.office, id, "test");
      }
      await Promise.allSettled([signInAtOther("github", "ada"), revoke(stage.office, grace, "test")]);
      expect((await owners()).length).toBeGreaterThanOrEqual(1);
    }
  });
});
