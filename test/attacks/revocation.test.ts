import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { type ElsewhereOrder, elsewhere } from "./elsewhere.ts";
import { ENGINES, expectRefused, observe, openStage, PROVIDERS, type Stage } from "./stage.ts";

/** How long a change by another process may go unnoticed, in milliseconds (design: one second on any instance). */
const BOUND = 1000;
const HOUR = 3_600_000;

describe.each(ENGINES)("putting somebody out (%s)", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine });
  });
  afterAll(() => stage.close());

  /** Knocks without a pause while another process acts; answers how long after it the door still opened. */
  async function staleness(
    order: Omit<ElsewhereOrder, "database">,
    knock: () => Promise<boolean>,
  ): Promise<number> {
    let lastOpen = 0;
    let committedAt: number | null = null;
    const acting = elsewhere({ ...order, database: stage.database }).then((at) => {
      committedAt = at;
    });
    const giveUpAt = Date.now() + 20_000;
    while (Date.now() < giveUpAt) {
      const asked = Date.now();
      if (await knock()) lastOpen = asked;
      else if (committedAt !== null) break;
    }
    await acting;
    return lastOpen - (committedAt ?? 0);
  }

  async function signedIn(persona: string): Promise<{ person: Person; userId: string }> {
    const person = new Person(stage.office.url);
    await person.signIn("rehearsal", persona);
    return { person, userId: (await person.session())?.user.id ?? "" };
  }

  test("CVE-2026-33381: a sign-out by another process is effective within a second", async () => {
    const { person, userId } = await signedIn("bo");
    const knock = async () => (await person.request("/api/me", { api: true })).status === 200;
    expect(await knock()).toBe(true);
    expect(await staleness({ userId, act: "sign-out" }, knock)).toBeLessThan(BOUND);
    expect(await knock()).toBe(false);
  });

  test("CVE-2023-22650, 4.56: a demotion by another process is effective within a second", async () => {
    const { person, userId } = await signedIn("grace");
    const knock = async () => (await person.request("/admin", { api: true })).status === 200;
    expect(await knock()).toBe(true);
    expect(await staleness({ userId, act: "revoke", role: "admin" }, knock)).toBeLessThan(BOUND);
    expect((await person.request("/admin", { api: true })).status).toBe(403);
    expect((await person.session())?.user.roles).toEqual([]);
  });

  test.each(PROVIDERS)(
    "CVE-2026-58422, CVE-2025-53942: suspended means no session within a second and no way back (%s)",
    async (provider) => {
      const person = new Person(stage.office.url);
      await person.signIn(provider, "liwei");
      const { id: userId = "" } = (await person.session())?.user ?? {};
      const knock = async () => (await person.session()) !== null;
      expect(await staleness({ userId, act: "suspend" }, knock)).toBeLessThan(BOUND);
      expect((await person.request("/orders")).status).toBe(303);

      const again = new Person(stage.office.url);
      const seen = await observe(stage, () => again.signIn(provider, "liwei"));
      expectRefused(seen, { code: "suspended", cause: "suspended" });
      expect(await again.session()).toBeNull();
      expect((await stage.office.door.users.get(userId))?.status).toBe("suspended");
    },
  );

  test("sliding for ever: a session that is used all the time ends at its absolute limit all the same", async () => {
    const office = await stage.openOffice({ session: { idle: 7 * 24 * HOUR, absolute: 7 * 24 * HOUR } });
    const person = new Person(office.url);
    await person.signIn("rehearsal", "bo");
    for (let days = 0; days < 7; days++) {
      expect(await person.session()).not.toBeNull();
      stage.passTime(24 * HOUR);
    }
    expect(await person.session()).toBeNull();
    stage.passTime(-7 * 24 * HOUR);
  });

  test("a session that nobody uses ends after its idle time, also where it was cached", async () => {
    const { person } = await signedIn("bo");
    expect(await person.session()).not.toBeNull();
    stage.passTime(8 * HOUR);
    expect(await person.session()).toBeNull();
    stage.passTime(-8 * HOUR);
  });
});
