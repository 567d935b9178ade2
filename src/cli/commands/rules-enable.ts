import type { Invocation } from "../invocation.ts";
import { changeRule } from "../rules.ts";
import { withPostern } from "../with-postern.ts";

/** `postern rules enable <rule>`: switches a rule on. */
export async function run(invocation: Invocation): Promise<void> {
  const [id = ""] = invocation.operands;
  await withPostern(invocation, (office) =>
    changeRule(invocation, office, { kind: "enable", id }, "rule.enabled"),
  );
}
