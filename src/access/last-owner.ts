import { PosternError } from "../errors.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Settings } from "../options.ts";
import { comesInAs } from "./compare-access.ts";
import { knownPeople } from "./known-person.ts";
import { type ConfiguredPolicy, policyOf } from "./live-policy.ts";

type Uses = Pick<StoreTransaction, "grants" | "users" | "identities" | "policy">;

/**
 * Refuses a change that would leave the back office without an owner who can come in. Takes the owners' lock, so that
 * two administrators who remove each other at the same moment cannot both succeed.
 * @throws PosternError `last_owner`
 */
export async function refuseLosingLastOwner(
  tx: Uses,
  settings: ConfiguredPolicy,
  userId: string,
): Promise<void> {
  if (await isLastOwner(tx, settings, userId)) {
    throw new PosternError(
      "last_owner",
      "This is the only owner who can sign in. Make somebody else an owner first.",
    );
  }
}

/**
 * Refuses an owner's role with an end unless another owner has one without and can come in: a day must not come on which
 * nobody owns the back office. Takes the owners' lock.
 * @throws PosternError `last_owner`
 */
export async function requireLastingOwner(
  tx: Uses,
  settings: ConfiguredPolicy,
  except: string | null,
): Promise<void> {
  await tx.grants.lockOwners();
  if (await isAnOwnerUsable(tx, settings, except)) return;
  throw new PosternError(
    "last_owner",
    "An owner until some day needs another one without an end who can sign in: otherwise nobody would be left then.",
  );
}

/**
 * True when the user is an active owner and no other one is usable; their row must be held already, so that nobody makes
 * them an owner meanwhile. Takes the owners' lock, unless they are none: most people are not, and nobody has to wait for
 * anybody when they are suspended or deleted. An active owner whose provider is not configured, or whom the rules keep out,
 * counts as one here: when nobody else can come in, theirs is the only way back.
 */
export async function isLastOwner(tx: Uses, settings: ConfiguredPolicy, userId: string): Promise<boolean> {
  if (!(await isActiveOwner(tx, userId))) return false;
  await tx.grants.lockOwners();
  return (await isActiveOwner(tx, userId)) && !(await isAnOwnerUsable(tx, settings, userId));
}

async function isActiveOwner(tx: Uses, userId: string): Promise<boolean> {
  const user = await tx.users.get(userId);
  if (user?.status !== "active") return false;
  return (await tx.grants.ofUser(userId)).some(({ role }) => role === "owner");
}

/**
 * Whether there is an owner, besides that one, with whom the back office is safe: active, an owner without an end, with an
 * account at a provider that is configured, and not plainly kept out by the rules.
 */
async function isAnOwnerUsable(
  tx: Uses,
  settings: ConfiguredPolicy,
  except: string | null,
): Promise<boolean> {
  const count = await tx.grants.countUsableHolders("owner", liveProviders(settings), except ?? undefined);
  if (count === 0) return false;
  const policy = policyOf(settings, await tx.policy.read());
  for await (const person of knownPeople(tx, settings, "owner")) {
    if (person.userId === except || comesInAs(policy, person, ["owner"]) === "no") continue;
    const grants = await tx.grants.ofUser(person.userId);
    if (grants.some(({ role, expiresAt }) => role === "owner" && expiresAt === null)) return true;
  }
  return false;
}

/** The providers through which somebody can come in. */
export function liveProviders({ providers }: Pick<Settings, "providers">): readonly string[] {
  return providers.map(({ id }) => id);
}
