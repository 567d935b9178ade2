import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { readPlace, readRule } from "../read-rule.ts";
import { changeRule } from "../rules.ts";
import { withPostern } from "../with-postern.ts";

/** `postern rules add --rule <file>`: adds a rule, behind the others unless `--place` says where. */
export async function run(invocation: Invocation): Promise<void> {
  const { note } = invocation.flags;
  const place = readPlace(invocation);
  const rule = await readRule(invocation);
  if (rule === undefined)
    throw new CliFailure("missing_value", (words) => words.missingValue("--rule <file>"));
  const wish = { rule, ...(note !== undefined && { note }) };
  await withPostern(invocation, (office) =>
    changeRule(
      invocation,
      office,
      { kind: "add", wish, ...(place !== undefined && { place }) },
      "rule.created",
    ),
  );
}
