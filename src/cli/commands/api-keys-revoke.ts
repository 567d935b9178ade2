import { actor } from "../actor.ts";
import { apiKeyDocument } from "../api-keys.ts";
import { confirm } from "../confirm.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { printable } from "../printable.ts";
import { withPostern } from "../with-postern.ts";

/** `postern api-keys revoke <key>`: it opens nothing any more. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [id = ""] = operands;
  await withPostern(invocation, async (office) => {
    const { apiKeys, users } = office.door;
    const found = await apiKeys.get(id);
    if (found === null) throw notFound(id);
    const { wouldRevoke, revoked, revokedAlready } = words.apiKeys;
    const name = printable(found.name);
    const open = found.revokedAt === null;
    if (open && !flags.dryRun) await confirm(invocation, office, wouldRevoke(name));
    const changed = flags.dryRun ? open : await apiKeys.revoke(id, actor(), flags.reason);
    const now = (await apiKeys.get(id)) ?? found;
    const sentence = flags.dryRun ? wouldRevoke(name) : out.done(revoked(name));
    out.answer(
      {
        dryRun: flags.dryRun,
        warnings: [],
        action: "api_key.revoked",
        changed,
        apiKey: apiKeyDocument(now, await users.get(now.userId)),
      },
      changed ? sentence : revokedAlready(name),
    );
  });
}

/** Not with the id as it was typed when that is a whole key: it would stand in logs. */
function notFound(id: string): CliFailure {
  const typed = id.startsWith("pst_") ? "pst_…" : printable(id);
  return new CliFailure("api_key_not_found", (words) => words.apiKeys.notFound(typed), {
    hint: (words) => words.apiKeys.notFoundHint,
    more: { id: typed },
  });
}
