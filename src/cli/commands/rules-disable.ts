import type { Invocation } from "../invocation.ts";
import { changeRule } from "../rules.ts";
import { withPostern } from "../with-postern.ts";

/** `postern rules disable <rule>`: switches a rule off; it stays in the list. */
export async function run(invocation: Invocation): Promise<void> {
  const [id = ""] = invocation.operands;
  await withPostern(invocation, (office) =>
    changeRule(invocation, office, { kind: "disable", id }, "rule.disabled"),
  );
}
