import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { readDraft } from "../read-draft.ts";
import { impactDocument, rehearse, showImpact } from "../rehearse.ts";
import { withPostern } from "../with-postern.ts";

/**
 * `postern access rehearse --draft <file>`: what other rules in the configuration would do to the people who are known.
 * Those of the database stay behind them. Changes nothing.
 */
export async function run(invocation: Invocation): Promise<void> {
  const file = invocation.flags.draft;
  if (file === undefined) throw new CliFailure("missing_argument", (words) => words.access.draftMissing);
  await withPostern(invocation, async (office) => {
    const { owners } = office.settings;
    const draft = readDraft(file, office.settings);
    const { rules, access } = await office.door.rules.list();
    const kept = rules.flatMap(({ source, inForce }) =>
      source === "config" || inForce === null ? [] : [inForce],
    );
    const impact = await rehearse(
      invocation,
      office,
      { owners, access },
      { owners, access: [...draft, ...kept] },
    );
    if (invocation.out.json) invocation.out.answer(impactDocument(impact), "");
    showImpact(invocation, impact);
  });
}
