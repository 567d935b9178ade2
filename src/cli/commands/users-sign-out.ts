import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import type { Invocation } from "../invocation.ts";
import { changeDocument, findPerson, nameOf } from "../people.ts";
import { withPostern } from "../with-postern.ts";

/** `postern users sign-out <who>`: ends all their sessions. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = ""] = operands;
  await withPostern(invocation, async (office) => {
    const { sessions } = office.door;
    const person = await findPerson(office.door, who);
    const name = nameOf(person);
    const expected = (await sessions.ofUser(person.id)).length;
    const { wouldSignOut, signedOut, notSignedIn, mayReturn } = words.users;
    if (expected > 0 && !flags.dryRun) await confirm(invocation, office, wouldSignOut(name, expected));

    const count = flags.dryRun ? expected : await sessions.endAllOf(person.id, actor(), flags.reason);
    const sentence = flags.dryRun ? wouldSignOut(name, count) : out.done(signedOut(name, count));
    out.answer(
      changeDocument(invocation, person, { action: "session.ended", count, changed: count > 0 }),
      count === 0 ? notSignedIn(name) : sentence,
    );
    if (count > 0 && !flags.dryRun) out.say(mayReturn);
  });
}
