import { PosternError } from "../../errors.ts";
import type { User } from "../../model/user.ts";
import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { changeDocument, findPerson, nameOf } from "../people.ts";
import { requireKnownRole } from "../roles.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** What taking a role away did, or would do. */
interface Revocation {
  readonly revoked: boolean;
  readonly stillDerived: boolean;
}

/** `postern users revoke <who> <role>`. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = "", role = ""] = operands;
  await withPostern(invocation, async (office) => {
    const person = await findPerson(office.door, who);
    const name = nameOf(person);
    const expected = await foresee(office, person, role);
    // A role that the application no longer has can still be held, and must be possible to take away.
    if (!expected.revoked) requireKnownRole(office, role);
    if (expected.revoked && !flags.dryRun) {
      await confirm(invocation, office, words.users.wouldRevoke(name, role));
    }
    const { revoked, stillDerived } = flags.dryRun
      ? expected
      : await revoke(invocation, office, person, role);

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
async function foresee({ door }: Office, person: User, role: string): Promise<Revocation> {
  const held = (await door.users.grantsOf(person.id)).filter((grant) => grant.role === role);
  if (role === "owner" && held.length > 0 && person.status === "active") {
    if ((await door.users.count({ role: "owner", status: "active" })) <= 1) throw lastOwner(person);
  }
  return { revoked: held.length > 0, stillDerived: held.some(({ source }) => source !== "direct") };
}

/** @throws CliFailure `last_owner`: the last word is the transaction's, whatever was foreseen */
async function revoke(
  { flags }: Invocation,
  { door }: Office,
  person: User,
  role: string,
): Promise<Revocation> {
  try {
    return await door.users.revoke(person.id, role, actor(), flags.reason);
  } catch (error) {
    if (error instanceof PosternError && error.code === "last_owner") throw lastOwner(person);
    throw error;
  }
}

function lastOwner(person: User): CliFailure {
  return new CliFailure("last_owner", (words) => words.lastOwner(nameOf(person)), {
    hint: (words) => words.lastOwnerHint,
    more: { userId: person.id },
  });
}
