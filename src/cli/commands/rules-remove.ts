import type { Invocation } from "../invocation.ts";
import { changeRule } from "../rules.ts";
import { withPostern } from "../with-postern.ts";

/** `postern rules remove <rule>`: takes a rule out of the list for good. */
export async function run(invocation: Invocation): Promise<void> {
  const [id = ""] = invocation.operands;
  await withPostern(invocation, (office) =>
    changeRule(invocation, office, { kind: "remove", id }, "rule.removed"),
  );
}
