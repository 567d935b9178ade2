import type { ExpectedPerson } from "../../model/pending-grant.ts";
import type { User } from "../../model/user.ts";
import { readExpectedPerson } from "../../users/expected-person.ts";
import { actor } from "../actor.ts";
import type { Invocation } from "../invocation.ts";
import { expectedName, pendingChange } from "../pending.ts";
import { changeDocument, findPerson, nameOf } from "../people.ts";
import { requireKnownRole } from "../roles.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** `postern users grant <who> <role>`: also for somebody who has yet to sign in for the first time. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = "", role = ""] = operands;
  await withPostern(invocation, async (office) => {
    await requireKnownRole(office, role);
    const { users } = office.door;
    const expected = readExpectedPerson(who, office.settings);
    if (expected !== null && (await users.find(who)).length === 0) {
      return promise(invocation, office, expected, role);
    }
    const person = await findPerson(office.door, who);
    const name = nameOf(person);

    const held = (await users.grantsOf(person.id)).some(
      (grant) => grant.role === role && grant.source === "direct",
    );
    const changed = flags.dryRun ? !held : await users.grant(person.id, role, actor(), flags.reason);
    const { wouldGrant, granted, grantedAlready } = words.users;
    const sentence = flags.dryRun ? wouldGrant(name, role) : out.done(granted(name, role));
    const isConfirmed = !who.includes("@") || (await hasConfirmedEmail(office, person));
    const warnings = isConfirmed ? [] : ["email_unverified"];
    out.answer(
      changeDocument(invocation, person, { action: "role.granted", role, changed, warnings }),
      changed ? sentence : grantedAlready(name, role),
    );
    if (!isConfirmed) out.say(words.lifecycle.unconfirmed(name));
  });
}

/** Anybody can give an address that is not theirs, as long as no provider has to vouch for it. */
async function hasConfirmedEmail({ door }: Office, { id, email }: User): Promise<boolean> {
  const identities = await door.users.identitiesOf(id);
  return identities.some((identity) => identity.email === email && identity.emailVerified === true);
}

/** Nobody is known so: the role waits for them. */
async function promise(
  invocation: Invocation,
  { door, settings }: Office,
  expected: ExpectedPerson,
  role: string,
): Promise<void> {
  const { flags, words, out } = invocation;
  const { users } = door;
  const name = expectedName(expected);
  const waiting = (await users.pendingGrants(name)).some((grant) => grant.role === role);
  const changed = flags.dryRun
    ? !waiting
    : (await users.grantBeforeSignIn(name, role, actor(), flags.reason)).created;
  const { wouldPromise, promised, promisedAlready, fromAnyProvider, bySubject } = words.lifecycle;
  const sentence = flags.dryRun ? wouldPromise(name, role) : out.done(promised(name, role));
  out.answer(
    pendingChange(invocation, "pending_grant.created", changed, expected, role),
    changed ? sentence : promisedAlready(name, role),
  );
  const { provider, who } = expected;
  if (provider === null) {
    if (settings.providers.length > 1) out.say(fromAnyProvider);
  } else if (!who.includes("@")) out.say(bySubject(who, provider));
}
