import { actor } from "../actor.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { withPostern } from "../with-postern.ts";

/** `postern webhooks test`: sends each a test message now, and says what came back. */
export async function run(invocation: Invocation): Promise<void> {
  const { out, words } = invocation;
  await withPostern(invocation, async ({ door }) => {
    const results = await door.webhooks.test(actor());
    const lines = results.flatMap(({ kind, host, status, failure, milliseconds, resumed }) => {
      if (kind !== "accepted") return [words.webhooks.refused(host, failure ?? "", milliseconds)];
      const accepted = out.done(words.webhooks.accepted(host, status ?? 0, milliseconds));
      return resumed ? [accepted, words.webhooks.resumed(host)] : [accepted];
    });
    if (results.length === 0) lines.push(words.webhooks.none);
    out.answer({ items: results }, lines.join("\n"));
    const refused = results.filter(({ kind }) => kind !== "accepted").length;
    if (refused === 0) return;
    throw new CliFailure("checks_failed", (words) => words.webhooks.notAccepted(refused), {
      isAnswered: true,
    });
  });
}
