import { actor } from "../actor.ts";
import type { Invocation } from "../invocation.ts";
import { changeDocument, findPersonForCertain, nameOf } from "../people.ts";
import { withPostern } from "../with-postern.ts";

/** `postern users reactivate <who>`: lets somebody in again who was suspended. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = ""] = operands;
  await withPostern(invocation, async (office) => {
    const { wouldReactivate, reactivated, activeAlready } = words.lifecycle;
    const person = await findPersonForCertain(office, who);
    const name = nameOf(person);
    const changed = flags.dryRun
      ? person.status === "suspended"
      : await office.door.users.reactivate(person.id, actor(), flags.reason);
    const sentence = flags.dryRun ? wouldReactivate(name) : out.done(reactivated(name));
    out.answer(
      changeDocument(invocation, person, { action: "user.reactivated", changed }),
      changed ? sentence : activeAlready(name),
    );
  });
}
