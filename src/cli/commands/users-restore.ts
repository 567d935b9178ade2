import type { DeletedUser } from "../../model/deleted-user.ts";
import type { Postern } from "../../postern.ts";
import { actor } from "../actor.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { changeDocument, nameOf } from "../people.ts";
import { printable } from "../printable.ts";
import { withPostern } from "../with-postern.ts";

/** `postern users restore <who>`: brings back somebody who was deleted less than 30 days ago. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = ""] = operands;
  await withPostern(invocation, async ({ door }) => {
    const { wouldRestore, restored, taken } = words.lifecycle;
    const { user } = await findDeleted(door, who);
    const name = nameOf(user);
    const result = flags.dryRun ? null : await door.users.restore(user.id, actor(), flags.reason);

    const lost = (result?.taken ?? []).map(
      ({ provider, handle, subject }) => `${provider}:${handle ?? subject}`,
    );
    const warnings = lost.length > 0 ? ["identities_taken"] : [];
    out.answer(
      changeDocument(invocation, user, { action: "user.restored", changed: true, warnings }),
      flags.dryRun ? wouldRestore(name) : out.done(restored(name)),
    );
    if (lost.length > 0) out.say(taken(printable(lost.join(", "))));
  });
}

/** @throws CliFailure `user_not_found`, `user_ambiguous` */
async function findDeleted(door: Postern, who: string): Promise<DeletedUser> {
  const found = await door.users.findDeleted(who);
  const [deleted] = found;
  if (deleted !== undefined && found.length === 1) return deleted;
  const matches = found.map(({ user: { id, name, email } }) => ({ id, name, email }));
  if (deleted === undefined) {
    throw new CliFailure("user_not_found", (words) => words.lifecycle.noneDeleted(printable(who)), {
      more: { who, matches },
    });
  }
  throw new CliFailure("user_ambiguous", (words) => words.userAmbiguous(printable(who), found.length), {
    hint: () => matches.map(({ id, name }) => printable(`  ${id}  ${name ?? ""}`)).join("\n"),
    more: { who, matches },
  });
}
