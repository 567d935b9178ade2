import type { PendingGrant } from "../../model/pending-grant.ts";
import type { User } from "../../model/user.ts";
import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import type { Invocation } from "../invocation.ts";
import { refuseLastOwner, unlessLastOwner } from "../last-owner.ts";
import { expectedName, pendingChange } from "../pending.ts";
import { changeDocument, findPerson, nameOf } from "../people.ts";
import { requireKnownRole } from "../roles.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** What taking a role away did, or would do. */
interface Revocation {
  readonly revoked: boolean;
  readonly stillDerived: boolean;
}

/** `postern users revoke <who> <role>`: also one that waits for somebody's first sign-in. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = "", role = ""] = operands;
  await withPostern(invocation, async (office) => {
    const waiting = (await office.door.users.pendingGrants(who)).find((grant) => grant.role === role);
    if (waiting !== undefined && !(await isHeld(office, who, role))) {
      return takeBack(invocation, office, waiting);
    }
    const person = await findPerson(office.door, who);
    const name = nameOf(person);
    const expected = await foresee(office, person, role);
    // A role that the application no longer has can still be held, and must be possible to take away.
    if (!expected.revoked) await requireKnownRole(office, role);
    if (expected.revoked && !flags.dryRun) {
      await confirm(invocation, office, words.users.wouldRevoke(name, role));
    }
    const { revoked, stillDerived } = flags.dryRun
      ? expected
      : await unlessLastOwner(person, () => office.door.users.revoke(person.id, role, actor(), flags.reason));

    const warnings = stillDerived ? ["still_derived"] : [];
    const sentence = flags.dryRun
      ? words.users.wouldRevoke(name, role)
      : out.done(words.users.revoked(name, role));
    out.answer(
      changeDocument(invocation, person, { action: "role.revoked", role, changed: revoked, warnings }),
      revoked ? sentence : words.users.notHeld(name, role),
    );
    if (stillDerived) out.say(words.users.stillDerived(role));
  });
}

/** What would happen. @throws CliFailure `last_owner` when it would be refused */
async function foresee(office: Office, person: User, role: string): Promise<Revocation> {
  const held = (await office.door.users.grantsOf(person.id)).filter((grant) => grant.role === role);
  if (role === "owner" && held.length > 0) await refuseLastOwner(office, person);
  return { revoked: held.length > 0, stillDerived: held.some(({ source }) => source !== "direct") };
}

/** Whether anybody who is known so holds the role. */
async function isHeld({ door }: Office, who: string, role: string): Promise<boolean> {
  for (const { id } of await door.users.find(who)) {
    if ((await door.users.grantsOf(id)).some((grant) => grant.role === role)) return true;
  }
  return false;
}

/** Nobody who is known so holds the role, and it still waits for somebody. */
async function takeBack(invocation: Invocation, office: Office, waiting: PendingGrant): Promise<void> {
  const { flags, words, out } = invocation;
  const { wouldTakeBack, tookBack } = words.lifecycle;
  const name = expectedName(waiting);
  if (!flags.dryRun) await confirm(invocation, office, wouldTakeBack(name, waiting.role));
  const changed =
    flags.dryRun || (await office.door.users.revokePendingGrant(waiting, actor(), flags.reason));
  out.answer(
    pendingChange(invocation, "pending_grant.revoked", changed, waiting, waiting.role),
    flags.dryRun ? wouldTakeBack(name, waiting.role) : out.done(tookBack(name, waiting.role)),
  );
}
