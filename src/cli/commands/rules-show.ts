import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { labelled } from "../output.ts";
import { rfc3339 } from "../people.ts";
import { printable, printableJson } from "../printable.ts";
import { ruleDocument, ruleState } from "../rules.ts";
import { withPostern } from "../with-postern.ts";

/** `postern rules show <rule>`: what it says, who wrote it, and what no longer makes sense in it. */
export async function run(invocation: Invocation): Promise<void> {
  const { out, words, operands } = invocation;
  const [name = ""] = operands;
  await withPostern(invocation, async ({ door }) => {
    const listed = (await door.rules.list()).rules.find((rule) => rule.name === name);
    if (listed === undefined) {
      throw new CliFailure("rule_not_found", () => words.rules.notFound, { more: { rule: name } });
    }
    const { headings, states, sources } = words.rules;
    const { stored, problems, source, rule } = listed;
    const pairs: readonly (readonly [string, string])[] = [
      [headings.rule, listed.name],
      [headings.source, sources[source]],
      [headings.state, states[ruleState(listed)]],
      ...(stored === null
        ? []
        : ([
            [headings.note, printable(stored.note ?? "")],
            [headings.created, `${rfc3339(stored.createdAt)} ${printable(stored.createdBy)}`],
            [headings.changed, `${rfc3339(stored.changedAt)} ${printable(stored.changedBy)}`],
          ] as const)),
    ];
    const lines = problems.map(
      ({ path, message, fix }) => `  ${path}: ${printable(message)}\n    ${words.fix} ${fix}`,
    );
    const json = rule === null ? words.rules.unreadable : printableJson(rule, 2);
    out.answer(ruleDocument(listed), [labelled(out, pairs), json, ...lines].join("\n"));
  });
}
