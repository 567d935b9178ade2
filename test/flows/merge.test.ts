import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { allEvents, ENGINES, openStage, type Stage } from "../attacks/stage.ts";

describe.each(ENGINES)("two accounts of one person are merged (%s)", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine, options: { roles: { support: ["orders.read"] } } });
    await new Person(stage.office.url).signIn("rehearsal", "ada");
  });
  afterAll(() => stage.close());

  const users = () => stage.office.door.users;
  const rolesOf = async (id: string) =>
    (await users().grantsOf(id)).map(({ role, source }) => `${role} ${source}`).sort();
  /** Somebody who has signed in with this provider, for the first time. */
  async function arrive(provider: string, persona: string): Promise<{ person: Person; id: string }> {
    const person = new Person(stage.office.url);
    await person.signIn(provider, persona);
    return { person, id: (await person.session())?.user.id ?? "" };
  }

  let one: { person: Person; id: string };
  let two: { person: Person; id: string };
  beforeEach(async () => {
    one = await arrive("rehearsal", "bo");
    two = await arrive("github", "bo");
  });

  test("identities, roles and nothing else move; sessions of the one that is gone end", async () => {
    await users().grant(two.id, "support" as never, "test");
    const preview = await users().previewMerge(two.id, one.id, "job:test");
    expect(preview).toMatchObject({
      identities: [{ provider: "github" }],
      roles: [
        { role: "member", source: "rule", heldBy: "both" },
        { role: "support", source: "direct", heldBy: "from" },
      ],
      sessions: 1,
    });
    expect(await two.person.session()).not.toBeNull();

    expect(await users().merge(two.id, one.id, "job:test", "one and the same")).toEqual(preview);
    expect(await users().get(two.id)).toBeNull();
    expect(await two.person.session()).toBeNull();
    // Their session is not ended, and has the new roles at once.
    expect((await one.person.session())?.user).toMatchObject({ id: one.id, roles: ["member", "support"] });
    expect(await rolesOf(one.id)).toEqual(["member rule", "support direct"]);
    const again = new Person(stage.office.url);
    await again.signIn("github", "bo");
    expect((await again.session())?.user.id).toBe(one.id);

    const events = await allEvents(stage);
    const about = (target: string, action: string) =>
      events.find((event) => event.target === target && event.action === action);
    expect(about(two.id, "user.merged")).toMatchObject({
      actor: "job:test",
      detail: { into: one.id, reason: "one and the same" },
    });
    expect(about(one.id, "user.updated")).toMatchObject({ detail: { merged: two.id } });
    await users().delete(one.id, "test");
  });

  test("the other way round at the same moment, one of the two has nothing left to do", async () => {
    const settled = await Promise.allSettled([
      users().merge(one.id, two.id, "job:test"),
      users().merge(two.id, one.id, "job:test"),
    ]);
    const failed = settled.filter(({ status }) => status === "rejected");
    expect(failed).toMatchObject([{ reason: { code: "user_not_found" } }]);
    const left = [await users().get(one.id), await users().get(two.id)].filter((user) => user !== null);
    expect(left).toHaveLength(1);
    expect(await users().identitiesOf(left[0]?.id ?? "")).toHaveLength(2);
    await users().delete(left[0]?.id ?? "", "test");
  });

  test("one that is suspended frees nobody", async () => {
    await users().suspend(two.id, "test");
    for (const [from, into] of [
      [two.id, one.id],
      [one.id, two.id],
    ] as const) {
      await expect(users().merge(from, into, "job:test")).rejects.toMatchObject({
        code: "merge_refused",
        reason: "one_suspended",
      });
    }
    await users().suspend(one.id, "test");
    await users().merge(two.id, one.id, "job:test");
    expect((await users().get(one.id))?.status).toBe("suspended");
    const again = await new Person(stage.office.url).signIn("github", "bo");
    expect(again.status).toBe(403);
    await users().delete(one.id, "test");
  });

  test("a role until some day stays one, and of two ends the later one counts", async () => {
    const soon = Date.now() + 3_600_000;
    const later = soon + 3_600_000;
    await users().grant(two.id, "support" as never, "test", "holiday cover", soon);
    await users().grant(one.id, "auditor", "test", undefined, soon);
    await users().grant(two.id, "auditor", "test", "for the year", later);
    await users().grant(one.id, "admin", "test", undefined, soon);
    await users().grant(two.id, "admin", "test", "for good");
    await users().merge(two.id, one.id, "job:test");
    const held = await users().grantsOf(one.id);
    expect(held.find(({ role }) => role === "support")).toMatchObject({
      reason: "holiday cover",
      expiresAt: soon,
    });
    expect(held.find(({ role }) => role === "auditor")).toMatchObject({
      reason: "for the year",
      expiresAt: later,
    });
    expect(held.find(({ role }) => role === "admin")).toMatchObject({ reason: "for good", expiresAt: null });
    await users().delete(one.id, "test");
  });

  test("nobody merges their own, and only owners merge an owner", async () => {
    const [ada] = await users().find("rehearsal:ada@demo.example");
    const grace = await arrive("rehearsal", "grace");
    const code = (merge: Promise<unknown>) =>
      merge.then(
        () => "done",
        (error) => error.code,
      );
    expect(await code(users().merge(one.id, one.id, "job:test"))).toBe("merge_refused");
    expect(await code(users().merge(one.id, grace.id, grace.id))).toBe("merge_refused");
    expect(await code(users().merge(grace.id, one.id, grace.id))).toBe("merge_refused");
    expect(await code(users().merge(one.id, two.id, one.id))).toBe("merge_refused");
    expect(await code(users().merge(ada?.id ?? "", one.id, grace.id))).toBe("permission_denied");
    expect(await code(users().merge(one.id, ada?.id ?? "", grace.id))).toBe("permission_denied");
    expect(await code(users().merge(one.id, "usr_nobody", "job:test"))).toBe("user_not_found");
    // A member merges nobody; an administrator merges whoever is no owner.
    expect(await code(users().merge(grace.id, two.id, one.id))).toBe("permission_denied");
    expect(await code(users().merge(two.id, one.id, grace.id))).toBe("done");
    await users().delete(one.id, "test");
  });

  test("the last owner is not lost by it: the other account is the owner then", async () => {
    const [ada] = await users().find("rehearsal:ada@demo.example");
    await users().merge(ada?.id ?? "", one.id, "job:test");
    expect(await users().isLastOwner(one.id)).toBe(true);
    const back = await arrive("rehearsal", "ada");
    expect(back.id).toBe(one.id);
  });
});
