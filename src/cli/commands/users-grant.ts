import type { ExpectedPerson } from "../../model/pending-grant.ts";
import type { User } from "../../model/user.ts";
import { readExpectedPerson } from "../../users/expected-person.ts";
import { actor } from "../actor.ts";
import type { Invocation } from "../invocation.ts";
import { refuseLastOwner, unlessLastOwner } from "../last-owner.ts";
import { expectedName, pendingChange } from "../pending.ts";
import { changeDocument, findPersonForCertain, nameOf, rfc3339 } from "../people.ts";
import { requireKnownRole } from "../roles.ts";
import { readUntil } from "../until.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** `postern users grant <who> <role>`: also for somebody who has yet to sign in for the first time. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = "", role = ""] = operands;
  await withPostern(invocation, async (office) => {
    await requireKnownRole(office, role);
    const { users } = office.door;
    const until = readUntil(invocation, office.settings.now());
    const expected = readExpectedPerson(who, office.settings);
    if (expected !== null && (await users.find(who)).length === 0) {
      return promise(invocation, office, expected, role, until);
    }
    const person = await findPersonForCertain(office, who);
    const name = nameOf(person);

    const held = (await users.grantsOf(person.id)).some(
      (grant) => grant.role === role && grant.source === "direct" && grant.expiresAt === (until ?? null),
    );
    // Whoever counts as the one owner who may remain must not become one until some day.
    if (role === "owner" && until !== undefined) await refuseLastOwner(office, person);
    const changed = flags.dryRun
      ? !held
      : await unlessLastOwner(person, () => users.grant(person.id, role, actor(), flags.reason, until));
    const end = until === undefined ? null : rfc3339(until);
    const { wouldGrant, granted, grantedAlready } = words.users;
    const sentence = flags.dryRun ? wouldGrant(name, role, end) : out.done(granted(name, role, end));
    const isConfirmed = !who.includes("@") || (await hasConfirmedEmail(office, person));
    const warnings = isConfirmed ? [] : ["email_unverified"];
    out.answer(
      changeDocument(invocation, person, {
        action: "role.granted",
        ...{ role, changed, warnings },
        expiresAt: end,
      }),
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
  until: number | undefined,
): Promise<void> {
  const { flags, words, out } = invocation;
  const { users } = door;
  const name = expectedName(expected);
  const waiting = (await users.pendingGrants(name)).find((grant) => grant.role === role);
  const changed = flags.dryRun
    ? waiting?.expiresAt !== (until ?? null)
    : (await users.grantBeforeSignIn(name, role, actor(), flags.reason, until)).changed;
  const isAnew = waiting !== undefined && changed;
  const action = isAnew ? "pending_grant.changed" : "pending_grant.created";
  const { wouldPromise, promised, promisedAlready, fromAnyProvider, bySubject } = words.lifecycle;
  const end = until === undefined ? null : rfc3339(until);
  const sentence = flags.dryRun ? wouldPromise(name, role, end) : out.done(promised(name, role, end));
  out.answer(
    { ...pendingChange(invocation, action, changed, expected, role), expiresAt: end },
    changed ? sentence : promisedAlready(name, role),
  );
  const { provider, who } = expected;
  if (provider === null) {
    if (settings.providers.length > 1) out.say(fromAnyProvider);
  } else if (!who.includes("@")) out.say(bySubject(who, provider));
}
