import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Persona } from "../../src/rehearsal/personas.ts";
import { Person } from "../../src/testing/person.ts";
import { allEvents, ENGINES, expectRefused, observe, openStage, type Stage } from "./stage.ts";

let next = 0;

/** A person of the provider whom nobody has met before. */
function newcomer(change: Partial<Persona> = {}): Persona {
  next += 1;
  return {
    id: `load-${7000 + next}`,
    name: `Newcomer ${next}`,
    email: `newcomer-${next}@demo.example`,
    emailVerified: true,
    subject: `7${String(next).padStart(9, "0")}`,
    github: { id: 70_000 + next, login: `newcomer-${next}` },
    about: { en: "", "zh-CN": "" },
    ...change,
  };
}

describe.each(ENGINES)("who is who (%s)", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine });
  });
  afterAll(() => stage.close());

  /** Signs a persona in, in a browser of their own, and answers the local user's id. */
  async function signIn(persona: Persona, provider = "rehearsal"): Promise<string> {
    stage.rehearsal.setPersona(persona);
    const person = new Person(stage.office.url);
    const response = await person.signIn(provider, persona.id);
    expect(response.status).toBe(303);
    return (await person.session())?.user.id ?? "";
  }

  test("CVE-2022-31107, CVE-2024-21632, 4.45: the same e-mail, name and handle make nobody the same user", async () => {
    const victim = newcomer();
    const victimId = await signIn(victim);
    const attacker = newcomer({
      email: victim.email,
      name: victim.name,
      github: { id: 70_900, login: victim.github.login },
    });
    expect(await signIn(attacker)).not.toBe(victimId);
    expect(await signIn(attacker, "github")).not.toBe(victimId);
    expect(await stage.office.door.users.identitiesOf(victimId)).toHaveLength(1);
    expect(await stage.office.door.users.find(victim.email ?? "")).toHaveLength(3);
  });

  test("CVE-2026-15611, CVE-2024-25618: two people who swap their e-mails stay who they are", async () => {
    const one = newcomer();
    const two = newcomer();
    const ids = [await signIn(one), await signIn(two)];
    expect([await signIn({ ...one, email: two.email }), await signIn({ ...two, email: one.email })]).toEqual(
      ids,
    );
    expect((await stage.office.door.users.get(ids[0] ?? ""))?.email).toBe(two.email);
  });

  test("CVE-2024-4024: new name, e-mail and login, same subject: the same user; the reverse: another", async () => {
    const persona = newcomer();
    for (const provider of ["rehearsal", "github"]) {
      const id = await signIn(persona, provider);
      const renamed = {
        ...persona,
        name: "Other",
        email: "other@demo.example",
        github: { ...persona.github, login: "other" },
      };
      expect(await signIn(renamed, provider)).toBe(id);
      const successor = {
        ...persona,
        subject: `8${persona.subject}`,
        github: { ...persona.github, id: persona.github.id + 500 },
      };
      expect(await signIn(successor, provider)).not.toBe(id);
    }
  });

  test("4.53: the same subject at two providers is two people", async () => {
    const persona = newcomer({ subject: "424242", github: { id: 424_242, login: "same" } });
    const id = await signIn(persona);
    expect(await signIn(persona, "github")).not.toBe(id);
    const identities = await stage.office.door.users.identitiesOf(id);
    expect(identities).toMatchObject([{ provider: "rehearsal", subject: "424242" }]);
  });

  test("subjects are compared byte for byte: case, zeros and white space make others of them", async () => {
    const ids = new Set<string>();
    for (const subject of ["abc", "ABC", "abc0", "0abc", "a bc", "abc.", "ａｂｃ", "1e3", "1000", "01000"]) {
      stage.rehearsal.setPersona(newcomer({ id: "load-7999", subject }));
      const person = new Person(stage.office.url);
      const response = await person.signIn("rehearsal", "load-7999");
      // Refused is fine as well: OpenID Connect allows ASCII only.
      if (response.status === 303) ids.add((await person.session())?.user.id ?? "");
      else expect(subject).toBe("ａｂｃ");
    }
    expect(ids.size).toBe(9);
  });

  test.each(["a\0b", "", "\ud800", "a\nb", "x".repeat(256), "\u202eabc"])(
    "a subject that is none (%j) is nobody, and no failure of ours",
    async (subject) => {
      stage.rehearsal.setPersona(newcomer({ id: "load-7995", subject }));
      const person = new Person(stage.office.url);
      const response = await person.signIn("rehearsal", "load-7995");
      expect(response.status).toBe(502);
      expect(await person.session()).toBeNull();
    },
  );

  test("names, handles and e-mails that no database would take come in cleaned, or not at all", async () => {
    const nasty = "a\0b\ud800c\u0007";
    stage.rehearsal.setPersona(
      newcomer({
        id: "load-7994",
        name: nasty,
        email: `${nasty}@demo.example`,
        github: { id: 79_940, login: nasty },
      }),
    );
    for (const provider of ["rehearsal", "github"]) {
      const person = new Person(stage.office.url);
      const response = await person.signIn(provider, "load-7994");
      expect([303, 403]).toContain(response.status);
    }
  });

  test("4.44: an e-mail that the provider does not vouch for opens no door, and says so", async () => {
    const person = new Person(stage.office.url);
    const seen = await observe(stage, () => person.signIn("rehearsal", "uma"));
    expectRefused(seen, { code: "email_unverified", cause: "no_rule" });
    expect(await stage.office.door.users.find("uma@demo.example")).toEqual([]);
  });

  test("an owner's e-mail, not verified, makes no owner and opens no door", async () => {
    stage.rehearsal.setPersona(
      newcomer({ id: "load-7998", email: "ada@demo.example", emailVerified: false }),
    );
    const impostor = new Person(stage.office.url);
    const seen = await observe(stage, () => impostor.signIn("rehearsal", "load-7998"));
    expectRefused(seen, { code: "email_unverified", cause: "no_rule" });
  });

  test("an owner named for one provider is none at the other, whatever the e-mail says", async () => {
    const impostor = newcomer({ email: "ada@demo.example" });
    const person = new Person(stage.office.url);
    stage.rehearsal.setPersona(impostor);
    await person.signIn("github", impostor.id);
    expect((await person.session())?.user.roles).toEqual(["member"]);
  });

  test.each([
    "a@demo.example@evil.test",
    "a@evil.test@demo.example",
    '"a@demo.example"@evil.test',
    "a@notdemo.example",
    "a@demo.example.evil.test",
    "a@sub.demo.example",
    "a@demo.example.",
    "a@.demo.example",
    "a@xdemo.example",
    "a@demo-example",
    "a@demo.example\u200b",
    "a@dem\u043e.example",
    "a@demo\u3002example.evil.test",
    "a@demo%2eexample",
    "demo.example",
    "@demo.example",
    "a@",
    "a@ demo.example",
    "a@demo.example,b@evil.test",
    "a@demo.example\r\nbcc: b@evil.test",
  ])("CVE-2024-27918, CVE-2026-40574: %j is not of demo.example", async (email) => {
    stage.rehearsal.setPersona(newcomer({ id: "load-7997", email }));
    const person = new Person(stage.office.url);
    const response = await person.signIn("rehearsal", "load-7997");
    expect(response.status).toBe(403);
    expect(await person.session()).toBeNull();
  });

  test.each(["a.b@demo.example", "A@DEMO.EXAMPLE", "a+tag@Demo.Example"])("… and %s is", async (email) => {
    await signIn(newcomer({ email }));
  });

  test.each([
    ["the Kelvin sign", "\u212ait@demo.example"],
    ["a dotless i", "k\u0131t@demo.example"],
    ["a dotted capital I", "k\u0130t@demo.example"],
    ["fullwidth letters", "\uff4bit@demo.example"],
    ["a Cyrillic letter", "k\u0456t@demo.example"],
    ["a zero-width space", "kit\u200b@demo.example"],
    ["another domain", "kit@demo\u3002example"],
    ["fullwidth letters in the domain", "kit@\uff44emo.example"],
  ])("CVE-2019-19844: %s makes no look-alike of kit@demo.example", async (_, email) => {
    const office = await stage.openOffice({
      publicUrl: stage.office.url,
      access: [{ when: { email: "kit@demo.example" }, then: "allow", roles: ["admin"] }],
    });
    stage.rehearsal.setPersona(newcomer({ id: "load-7996", email }));
    const begun = await new Person(stage.office.url).start("rehearsal");
    expect(begun.origin).toBe(stage.rehearsal.url);
    const person = new Person(office.url);
    const started = await person.post("/auth/sign-in/rehearsal", {}, { origin: stage.office.url });
    const callback = await person.pick(new URL(started.headers.get("location") ?? ""), "load-7996");
    expect((await person.request(callback)).status).toBe(403);
  });
});

describe.each(ENGINES)("what belongs to somebody else (%s)", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine });
  });
  afterAll(() => stage.close());

  test("IDOR: other people's sessions cannot be ended, and are not even known", async () => {
    const victim = new Person(stage.office.url);
    await victim.signIn("rehearsal", "grace");
    const id = (await victim.session())?.session.id ?? "";
    const attacker = new Person(stage.office.url);
    await attacker.signIn("rehearsal", "bo");
    const events = (await allEvents(stage)).length;
    const texts: string[] = [];
    for (const target of [
      id,
      "ses_00000000000000000000000000",
      id.toUpperCase(),
      "' or 1=1 --",
      "*",
      `${id} `,
    ]) {
      const response = await attacker.post(`/auth/account/sessions/${encodeURIComponent(target)}/sign-out`);
      expect(response.status).toBe(404);
      texts.push(await response.text());
    }
    // The same words for a session of somebody else and for one that never was.
    expect(new Set(texts).size).toBe(1);
    // PostgreSQL takes no NUL in any text.
    expect((await attacker.post(`/auth/account/sessions/${id}%00/sign-out`)).status).toBe(404);
    expect(await victim.session()).not.toBeNull();
    expect((await allEvents(stage)).length).toBe(events);
  });

  test("signing out others ends one's own others only", async () => {
    const victim = new Person(stage.office.url);
    await victim.signIn("rehearsal", "grace");
    const here = new Person(stage.office.url);
    const elsewhere = new Person(stage.office.url);
    await here.signIn("rehearsal", "bo");
    await elsewhere.signIn("rehearsal", "bo");
    await here.post("/auth/account/sign-out-others", { user: (await victim.session())?.user.id ?? "" });
    expect(await elsewhere.session()).toBeNull();
    expect(await here.session()).not.toBeNull();
    expect(await victim.session()).not.toBeNull();
  });

  test("mass assignment: no field of any form of ours gives a role or another e-mail", async () => {
    const person = new Person(stage.office.url);
    const fields = {
      role: "owner",
      roles: "owner",
      user: "ada",
      email: "ada@demo.example",
      admin: "1",
      return_to: "/",
    };
    const begun = await person.post("/auth/sign-in/rehearsal", fields);
    await person.request(await person.pick(new URL(begun.headers.get("location") ?? ""), "bo"));
    for (const path of ["/auth/preferences", "/auth/account/sign-out-others"])
      await person.post(path, fields);
    expect((await person.session())?.user).toMatchObject({ roles: ["member"], email: "bo@demo.example" });
  });

  test("roles by rule follow every sign-in; roles by hand stay", async () => {
    const signIn = async () => {
      const person = new Person(stage.office.url);
      const response = await person.signIn("rehearsal", "load-6001");
      return { status: response.status, user: (await person.session())?.user };
    };
    const before = newcomer({ id: "load-6001", email: "six@demo.example" });
    stage.rehearsal.setPersona(before);
    const { user } = await signIn();
    expect(user?.roles).toEqual(["member"]);
    await stage.office.door.users.grant(user?.id ?? "", "auditor", "test");
    expect((await signIn()).user?.roles).toEqual(["auditor", "member"]);

    stage.rehearsal.setPersona({ ...before, email: "six@elsewhere.example" });
    expect((await signIn()).user?.roles).toEqual(["auditor"]);
    await stage.office.door.users.revoke(user?.id ?? "", "auditor", "test");
    expect(await signIn()).toEqual({ status: 403, user: undefined });
  });
});
