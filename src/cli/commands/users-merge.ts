import type { Merge } from "../../users/merge-users.ts";
import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import type { Invocation } from "../invocation.ts";
import { labelled } from "../output.ts";
import { findPersonForCertain, nameOf } from "../people.ts";
import { printable } from "../printable.ts";
import { withPostern } from "../with-postern.ts";

/** `postern users merge <who> <into>`: makes one person of two, after showing what becomes of both. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = "", into = ""] = operands;
  await withPostern(invocation, async (office) => {
    const { users } = office.door;
    const { wouldMerge, merged } = words.accounts;
    const source = await findPersonForCertain(office, who);
    const target = await findPersonForCertain(office, into);
    const preview = await users.previewMerge(source.id, target.id, actor());
    const [name, whole] = [nameOf(source), nameOf(target)];
    if (flags.dryRun) {
      out.answer(asDocument(preview, true), `${wouldMerge(name, whole)}\n${asText(invocation, preview)}`);
      return;
    }
    await confirm(invocation, office, `${wouldMerge(name, whole)}\n${asText(invocation, preview)}`);
    const done = await users.merge(source.id, target.id, actor(), flags.reason);
    out.answer(
      asDocument(done, false),
      `${out.done(merged(name, whole, done.from.id))}\n${asText(invocation, done)}`,
    );
  });
}

function asDocument(
  { from, into, identities, roles, sessions, tokens, apiKeys }: Merge,
  dryRun: boolean,
): object {
  const person = ({ id, name, email }: Merge["from"]) => ({ id, name, email });
  return {
    dryRun,
    warnings: [],
    action: "user.merged",
    changed: true,
    from: person(from),
    into: person(into),
    identities: identities.map(({ id, provider, handle, subject }) => ({ id, provider, handle, subject })),
    roles,
    sessions,
    tokens,
    apiKeys,
  };
}

function asText({ words, out }: Invocation, { identities, roles, sessions, tokens, apiKeys }: Merge): string {
  const { moves, role, ends, lost, keysLost, heldBy } = words.accounts;
  return labelled(out, [
    ...identities.map(
      ({ provider, handle, subject }) => [moves, printable(`${provider}:${handle ?? subject}`)] as const,
    ),
    ...roles.map((one) => [role, `${one.role} (${heldBy[one.heldBy]})`] as const),
    [ends, String(sessions)],
    [lost, String(tokens)],
    [keysLost, String(apiKeys.length)],
  ]);
}
