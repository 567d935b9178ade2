import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import type { Invocation } from "../invocation.ts";
import { withPostern } from "../with-postern.ts";

/** `postern users purge`: forgets for good whoever was deleted 30 days ago or earlier. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, words, out } = invocation;
  await withPostern(invocation, async (office) => {
    const { wouldPurge, purged, nobodyToPurge } = words.lifecycle;
    const { users } = office.door;
    const expected = await users.purge(actor(), { dryRun: true });
    if (expected > 0 && !flags.dryRun) await confirm(invocation, office, wouldPurge(expected));
    const count = flags.dryRun ? expected : await users.purge(actor());
    const sentence = flags.dryRun ? wouldPurge(count) : out.done(purged(count));
    out.answer(
      { dryRun: flags.dryRun, warnings: [], action: "user.purged", changed: count > 0, count },
      count > 0 ? sentence : nobodyToPurge,
    );
  });
}
