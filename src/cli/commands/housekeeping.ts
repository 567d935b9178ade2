import type { HousekeepingReport } from "../../housekeeping/keep-house.ts";
import { actor } from "../actor.ts";
import type { Invocation } from "../invocation.ts";
import { withPostern } from "../with-postern.ts";

/** `postern housekeeping`: removes at once what has had its time, as servers do by themselves, and says how much it was. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, words, out } = invocation;
  const { dryRun } = flags;
  await withPostern(invocation, async ({ door: { housekeeping } }) => {
    const report = dryRun ? await housekeeping.foresee() : await housekeeping.run(actor());
    if (report === null) return out.answer({ dryRun, ran: false }, words.housekeeping.busy);
    out.answer({ dryRun, ran: !dryRun, removed: report }, textOf(invocation, report));
  });
}

function textOf({ flags, words, out }: Invocation, report: HousekeepingReport): string {
  const { kinds, nothing, would, done } = words.housekeeping;
  const lines = (Object.keys(kinds) as (keyof HousekeepingReport)[]).flatMap((kind) =>
    report[kind] === 0 ? [] : [`  ${kinds[kind]}: ${report[kind]}`],
  );
  if (lines.length === 0) return nothing;
  return [flags.dryRun ? would : out.done(done), ...lines].join("\n");
}
