import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import type { Invocation } from "../invocation.ts";
import { refuseLastOwner, unlessLastOwner } from "../last-owner.ts";
import { changeDocument, findPerson, nameOf } from "../people.ts";
import { withPostern } from "../with-postern.ts";

/** `postern users suspend <who>`: shuts somebody out and ends all their sessions. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = ""] = operands;
  await withPostern(invocation, async (office) => {
    const { users, sessions } = office.door;
    const { wouldSuspend, suspended, suspendedAlready } = words.lifecycle;
    const person = await findPerson(office.door, who);
    const name = nameOf(person);
    const expected = (await sessions.ofUser(person.id)).length;
    if (person.status === "active") {
      await refuseLastOwner(office, person);
      if (!flags.dryRun) await confirm(invocation, office, wouldSuspend(name, expected));
    }
    const result = flags.dryRun
      ? { suspended: person.status === "active", sessions: expected }
      : await unlessLastOwner(person, () => users.suspend(person.id, actor(), flags.reason));

    const sentence = flags.dryRun ? wouldSuspend(name, expected) : out.done(suspended(name, result.sessions));
    out.answer(
      changeDocument(invocation, person, {
        action: "user.suspended",
        count: result.sessions,
        changed: result.suspended,
      }),
      result.suspended ? sentence : suspendedAlready(name),
    );
  });
}
