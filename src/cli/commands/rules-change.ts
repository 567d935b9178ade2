import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { readRule } from "../read-rule.ts";
import { changeRule } from "../rules.ts";
import { withPostern } from "../with-postern.ts";

/** `postern rules change <rule>`: gives it another content with `--rule`, another note with `--note`; an empty one is none. */
export async function run(invocation: Invocation): Promise<void> {
  const [id = ""] = invocation.operands;
  const { note } = invocation.flags;
  const rule = await readRule(invocation);
  if (rule === undefined && note === undefined) {
    throw new CliFailure("missing_value", (words) => words.missingValue("--rule <file>"));
  }
  const wish = { ...(rule !== undefined && { rule }), ...(note !== undefined && { note: note || null }) };
  await withPostern(invocation, (office) =>
    changeRule(invocation, office, { kind: "change", id, wish }, "rule.changed"),
  );
}
