import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { readPlace } from "../read-rule.ts";
import { changeRule } from "../rules.ts";
import { withPostern } from "../with-postern.ts";

/** `postern rules move <rule> --place <place>`: the first rule that takes hold decides, so places matter. */
export async function run(invocation: Invocation): Promise<void> {
  const [id = ""] = invocation.operands;
  const place = readPlace(invocation);
  if (place === undefined)
    throw new CliFailure("missing_value", (words) => words.missingValue("--place <place>"));
  await withPostern(invocation, (office) =>
    changeRule(invocation, office, { kind: "move", id, place }, "rule.moved"),
  );
}
