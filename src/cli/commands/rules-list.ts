import type { Invocation } from "../invocation.ts";
import { printable } from "../printable.ts";
import { conditionText, ruleDocument, ruleState } from "../rules.ts";
import { withPostern } from "../with-postern.ts";

/** `postern rules list`: every rule in the order in which they count, those of the configuration first. */
export async function run(invocation: Invocation): Promise<void> {
  const { out, words } = invocation;
  await withPostern(invocation, async ({ door }) => {
    const { version, rules } = await door.rules.list();
    if (out.jsonl) return rules.forEach((rule) => void out.jsonLine(ruleDocument(rule)));
    if (out.json) return out.answer({ version, items: rules.map(ruleDocument) }, "");
    const { headings, states, sources } = words.rules;
    out.table(
      [
        headings.rule,
        headings.source,
        headings.state,
        headings.then,
        headings.roles,
        headings.when,
        headings.note,
      ],
      rules.map((listed) => [
        listed.name,
        sources[listed.source],
        states[ruleState(listed)],
        listed.rule?.then ?? "?",
        listed.rule?.then === "allow" ? printable((listed.rule.roles ?? ["member"]).join(",")) : "",
        conditionText(listed),
        printable(listed.stored?.note ?? ""),
      ]),
    );
    if (rules.some(({ enabled, problems }) => enabled && problems.length > 0))
      out.complain(words.rules.someBroken);
  });
}
