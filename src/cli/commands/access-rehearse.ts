import { type AccessChange, compareAccess } from "../../access/compare-access.ts";
import type { AccessPolicy } from "../../access/decide-access.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { knownPeople } from "../known-people.ts";
import { readDraft } from "../read-draft.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** `postern access rehearse --draft <file>`: what other rules would do to the people who are known. Changes nothing. */
export async function run(invocation: Invocation): Promise<void> {
  const file = invocation.flags.draft;
  if (file === undefined) throw new CliFailure("missing_argument", (words) => words.access.draftMissing);
  await withPostern(invocation, async (office) => {
    const draft = { owners: office.settings.owners, access: readDraft(file, office.settings) };
    await rehearse(invocation, office, draft);
  });
}

async function rehearse(
  invocation: Invocation,
  { door, settings }: Office,
  draft: AccessPolicy,
): Promise<void> {
  const { out, words } = invocation;
  const counts = { known: 0, gains: 0, loses: 0, other_roles: 0, cannot_tell: 0 };
  const owners = { yes: 0, cannot_tell: 0, no: 0 };
  const changes: AccessChange[] = [];
  for await (const person of knownPeople(door, settings)) {
    const { change, ownerAfter } = compareAccess(settings, draft, person);
    counts.known++;
    owners[ownerAfter]++;
    if (change === null) continue;
    counts[change.kind]++;
    if (out.jsonl) out.jsonLine(asDocument(change));
    else changes.push(change);
  }
  const ownersAfter = { certain: owners.yes, perhaps: owners.cannot_tell };
  if (out.json) out.answer({ counts, ownersAfter, changes: changes.map(asDocument) }, "");
  else if (!out.jsonl) showTable(invocation, changes);

  out.say(words.access.summary(counts));
  if (owners.yes === 0) out.complain(words.access.noOwnerAfter(owners.cannot_tell));
}

function asDocument({ person, kind, before, after }: AccessChange): object {
  const { userId, name, email } = person;
  return { user: { id: userId, name, email }, change: kind, before, after };
}

function showTable({ out, words }: Invocation, changes: readonly AccessChange[]): void {
  const { headings, kinds } = words.access;
  const roles = (held: readonly string[] | null) => held?.join(", ") ?? "?";
  out.table(
    [headings.id, headings.person, headings.email, headings.change, headings.before, headings.after],
    changes.map(({ person, kind, before, after }) => [
      person.userId,
      person.name ?? "",
      person.email ?? "",
      out.terminal ? kinds[kind] : kind,
      roles(before),
      roles(after),
    ]),
  );
}
