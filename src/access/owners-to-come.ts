import type { IdentityKey } from "../model/identity.ts";
import type { InvitationRecipient } from "../model/invitation.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { Settings } from "../options.ts";
import type { Certainty } from "./compare-access.ts";
import { foldEmail } from "./email.ts";

/** Somebody who is an owner from their next sign-in on, as they will be recognised then. */
export interface OwnerToCome {
  /** Provider instance; `null` = any. */
  readonly provider: string | null;
  /** `anything` = whoever comes from there with the link: an invitation for nobody in particular, or for a handle, which changes hands. */
  readonly by: "subject" | "email" | "anything";
  /** A subject exactly as the provider writes it; a folded e-mail. */
  readonly who: string;
  /** Who they are here already; `null` = not told. */
  readonly userId: string | null;
}

type Reads = Pick<StoreTransaction, "pendingGrants" | "invitations" | "accessRequests">;

/**
 * Everybody whom the configuration names as an owner, for whom that role waits, who is invited with it or was approved
 * with it: whoever is one person with them when they come rules in their place.
 */
export async function ownersToCome(
  tx: Reads,
  { owners }: Pick<Settings, "owners">,
  now: number,
): Promise<readonly OwnerToCome[]> {
  const promised = (await tx.pendingGrants.list()).filter(({ role }) => role === "owner");
  const awaited = [...owners, ...promised].map(({ provider, who }) => expected(provider, who));
  for (const id of await tx.invitations.openWith("owner", now)) {
    awaited.push(invited((await tx.invitations.get(id))?.recipient ?? null));
  }
  for (const id of await tx.accessRequests.approvedAs("owner")) {
    const request = await tx.accessRequests.get(id);
    if (request === null) continue;
    const { provider, subject, userId } = request;
    awaited.push({ provider, by: "subject", who: subject, userId });
  }
  return awaited;
}

function expected(provider: string | null, who: string): OwnerToCome {
  const by = who.includes("@") ? "email" : "subject";
  return { provider, by, who: by === "email" ? (foldEmail(who) ?? who) : who, userId: null };
}

function invited(recipient: InvitationRecipient | null): OwnerToCome {
  if (recipient === null) return { provider: null, by: "anything", who: "", userId: null };
  const { kind, provider, who } = recipient;
  const by = ({ email: "email", id: "subject", handle: "anything" } as const)[kind];
  return { provider, by, who, userId: null };
}

/**
 * Whether an identity is that of an owner to come. Where they are awaited by an e-mail, an identity of which none is
 * verified cannot be told from theirs.
 */
export function isOfOwnerToCome(
  awaited: readonly OwnerToCome[],
  identity: Pick<IdentityKey, "provider"> & Pick<UserInfo, "subject" | "email" | "emailVerified">,
): Certainty {
  const answers = awaited
    .filter(({ provider }) => provider === null || provider === identity.provider)
    .map((owner) => isTheirs(owner, identity));
  return answers.includes("yes") ? "yes" : answers.includes("cannot_tell") ? "cannot_tell" : "no";
}

function isTheirs(
  { by, who }: OwnerToCome,
  { subject, email, emailVerified }: Pick<UserInfo, "subject" | "email" | "emailVerified">,
): Certainty {
  if (by === "anything") return "cannot_tell";
  if (by === "subject") return who === subject ? "yes" : "no";
  if (foldEmail(email) === who) return "yes";
  return emailVerified === true ? "no" : "cannot_tell";
}
