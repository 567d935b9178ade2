import { findDatabase } from "../database.ts";
import type { Invocation } from "../invocation.ts";
import { rfc3339 } from "../people.ts";
import { migrationStates } from "./migrate.ts";

/** `postern migrate status`: every migration of this version, and when it ran. */
export async function run(invocation: Invocation): Promise<void> {
  const { words, out } = invocation;
  const states = await migrationStates(invocation, await findDatabase(invocation));
  const items = states.map(({ name, appliedAt }) => ({
    name,
    appliedAt: appliedAt === null ? null : rfc3339(appliedAt),
  }));
  const pending = items.filter(({ appliedAt }) => appliedAt === null).length;
  if (out.json) return out.answer({ items, pending }, "");
  if (out.jsonl) {
    for (const item of items) out.jsonLine(item);
    return;
  }
  const { headings } = words.migrations;
  out.table(
    [headings.name, headings.applied],
    items.map(({ name, appliedAt }) => [name, appliedAt ?? words.migrations.pending]),
  );
  out.say(pending === 0 ? words.migrations.nothing : words.migrations.runThem(pending));
}
