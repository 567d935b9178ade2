import { comesInAs, type KnownPerson, losesCertainty } from "../access/compare-access.ts";
import type { AccessPolicy } from "../access/decide-access.ts";
import { knownPeople, knownPerson } from "../access/known-person.ts";
import { PosternError } from "../errors.ts";
import type { Store } from "../model/store.ts";
import type { Settings } from "../options.ts";

type Uses = Pick<Store, "users" | "identities" | "grants">;

/** Whom other rules could lock out, among those who could mend it. */
export interface LockOut {
  /** How many owners would be sure to come in as such, and to stay ones: until some day does not count. */
  readonly certainOwners: number;
  /** The author would no longer be as sure to come in as somebody who may change rules. */
  readonly author: boolean;
  /** Owners, by id, who would no longer be as sure to come in as such. */
  readonly owners: readonly string[];
}

/** Foresees whom a draft of the rules could lock out. `author` is a user id, or who else does it. */
export async function foreseeLockOut(
  store: Uses,
  settings: Pick<Settings, "providers">,
  now: AccessPolicy,
  draft: AccessPolicy,
  author: string,
): Promise<LockOut> {
  const owners: string[] = [];
  let certainOwners = 0;
  for await (const person of knownPeople(store, settings, "owner")) {
    // Whoever has no account here cannot come in by any rules.
    if (person.accounts.length === 0) continue;
    if (losesCertainty(now, draft, person, ["owner"])) owners.push(person.userId);
    if (comesInAs(draft, await onceAllHasEnded(store, person), ["owner"]) === "yes") certainOwners++;
  }
  const editor = await findAuthor(store, settings, author);
  const isAuthorAtRisk = editor !== null && losesCertainty(now, draft, editor, ["admin", "owner"]);
  return { certainOwners, author: isAuthorAtRisk, owners };
}

/** An owner until some day only is not the one who may be left. */
async function onceAllHasEnded({ grants }: Uses, person: KnownPerson): Promise<KnownPerson> {
  const lasting = (await grants.ofUser(person.userId)).filter(
    ({ source, expiresAt }) => source === "direct" && expiresAt === null,
  );
  return { ...person, directRoles: lasting.map(({ role }) => role) };
}

async function findAuthor(
  store: Uses,
  settings: Pick<Settings, "providers">,
  author: string,
): Promise<KnownPerson | null> {
  const user = await store.users.get(author);
  return user === null ? null : knownPerson(store, settings, user);
}

/**
 * Refuses rules by which an owner, or whoever writes them, could be locked out: unless another owner is sure to come in
 * and it is confirmed.
 * @throws PosternError `last_owner`, `would_lock_out`
 */
export function refuseLockOut({ certainOwners, author, owners }: LockOut, confirmed: boolean): void {
  if (!author && owners.length === 0) return;
  if (certainOwners === 0) {
    throw new PosternError(
      "last_owner",
      "With these rules it is not certain that any owner can still sign in. Put a rule in front that lets one in, or name one in owners of the configuration.",
    );
  }
  if (confirmed) return;
  const who = author ? "whoever changes the rules" : owners.join(", ");
  throw new PosternError(
    "would_lock_out",
    `With these rules it is no longer certain that ${who} can sign in and mend them. It has to be confirmed.`,
    { reason: author ? "author" : "owner" },
  );
}
