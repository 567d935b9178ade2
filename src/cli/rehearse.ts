import type { AccessChange } from "../access/compare-access.ts";
import type { AccessPolicy } from "../access/decide-access.ts";
import type { Invocation } from "./invocation.ts";
import type { Office } from "./with-postern.ts";
import type { RehearsalCounts } from "./words/access-en.ts";

/** As many people as a table or a document shows; with `--jsonl` all of them pass by. */
const MOST_SHOWN = 1_000;

/** What other rules would do to everybody who is known, counted; and who they are, as far as that can be kept in mind. */
export interface Impact {
  readonly counts: RehearsalCounts;
  readonly ownersAfter: { readonly certain: number; readonly perhaps: number };
  readonly changes: readonly AccessChange[];
  /** How many more there are than `changes` holds. */
  readonly more: number;
}

/** Holds two policies against everybody, one person after the other. With `--jsonl` each change is written as it is found. */
export async function rehearse(
  { out }: Pick<Invocation, "out">,
  { door }: Pick<Office, "door">,
  now: AccessPolicy,
  then: AccessPolicy,
): Promise<Impact> {
  const counts = { known: 0, gains: 0, loses: 0, other_roles: 0, cannot_tell: 0 };
  const ownersAfter = { certain: 0, perhaps: 0 };
  const changes: AccessChange[] = [];
  let more = 0;
  for await (const { change, ownerAfter } of door.rules.rehearse(now, then)) {
    counts.known++;
    if (ownerAfter === "yes") ownersAfter.certain++;
    if (ownerAfter === "cannot_tell") ownersAfter.perhaps++;
    if (change === null) continue;
    counts[change.kind]++;
    if (out.jsonl) out.jsonLine(changeDocument(change));
    else if (changes.length < MOST_SHOWN) changes.push(change);
    else more++;
  }
  return { counts, ownersAfter, changes, more };
}

/** An impact for `--json`. */
export function impactDocument({ counts, ownersAfter, changes, more }: Impact): object {
  return { counts, ownersAfter, changes: changes.map(changeDocument), ...(more > 0 && { more }) };
}

function changeDocument({ person, kind, before, after }: AccessChange): object {
  const { userId, name, email } = person;
  return { user: { id: userId, name, email }, change: kind, before, after };
}

/** An impact as people read it: a table of those who are concerned, and how many they are. */
export function showImpact({ out, words }: Invocation, { counts, ownersAfter, changes, more }: Impact): void {
  if (!out.json && !out.jsonl && (changes.length > 0 || !out.terminal)) showTable({ out, words }, changes);
  if (more > 0) out.complain(words.access.more(more));
  out.say(words.access.summary(counts));
  if (ownersAfter.certain === 0) out.complain(words.access.noOwnerAfter(ownersAfter.perhaps));
}

function showTable(
  { out, words }: Pick<Invocation, "out" | "words">,
  changes: readonly AccessChange[],
): void {
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
