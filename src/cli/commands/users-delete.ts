import { RESTORABLE_FOR } from "../../model/deleted-user.ts";
import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import type { Invocation } from "../invocation.ts";
import { refuseLastOwner, unlessLastOwner } from "../last-owner.ts";
import { changeDocument, findPerson, nameOf, rfc3339 } from "../people.ts";
import { withPostern } from "../with-postern.ts";

/** `postern users delete <who>`: for 30 days it can be undone. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = ""] = operands;
  await withPostern(invocation, async (office) => {
    const { users, sessions } = office.door;
    const { wouldDelete, deleted, restorable, mayComeAgain } = words.lifecycle;
    const person = await findPerson(office.door, who);
    const name = nameOf(person);
    const expected = (await sessions.ofUser(person.id)).length;
    await refuseLastOwner(office, person);
    if (!flags.dryRun) await confirm(invocation, office, wouldDelete(name, expected));

    const count = flags.dryRun
      ? expected
      : await unlessLastOwner(person, () => users.delete(person.id, actor(), flags.reason));
    out.answer(
      changeDocument(invocation, person, { action: "user.deleted", count, changed: true }),
      flags.dryRun ? wouldDelete(name, count) : out.done(deleted(name, count)),
    );
    if (flags.dryRun) return;
    out.say(restorable(person.id, rfc3339(office.settings.now() + RESTORABLE_FOR)));
    out.say(mayComeAgain);
  });
}
