import { requireMayActOnOrSelf } from "../access/actor-rights.ts";
import { liveProviders } from "../access/last-owner.ts";
import { newEvent } from "../audit/new-event.ts";
import { PosternError } from "../errors.ts";
import type { Identity } from "../model/identity.ts";
import type { Settings } from "../options.ts";
import type { Runtime } from "../runtime.ts";
import { afterEnding, endSessionsWithin } from "../sessions/end-session.ts";
import { takeTokens } from "../vault/take-tokens.ts";
import { noSuchUser } from "./no-such-user.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

/** Who takes an account away, and why. */
export interface UnlinkedBy {
  /** User id or `cli:…`. */
  readonly actor: string;
  readonly address: string | null;
  /** In the actor's own words. */
  readonly remark?: string | undefined;
}

/**
 * Takes one of somebody's accounts away as a way to sign in. Every session that was opened by it ends, and tokens that
 * were kept of it go, here and at the provider. One by which they can still come in must be left; so the last owner who
 * can come in stays one. Answers how many sessions ended. @throws PosternError `permission_denied` to whoever is neither
 * that person nor an administrator, nor an owner where it is about one; `user_not_found`, `identity_not_found`,
 * `last_identity`
 */
export async function unlinkIdentity(
  runtime: Uses,
  userId: string,
  identityId: string,
  { actor, address, remark }: UnlinkedBy,
): Promise<number> {
  const ended = await runtime.store.transaction(async (tx) => {
    // Locked: of two who take one each at the same moment, the second finds the first one gone.
    if ((await requireMayActOnOrSelf(tx, actor, userId)) === null) throw noSuchUser(userId);
    const identities = await tx.identities.ofUser(userId);
    const identity = identities.find(({ id }) => id === identityId);
    if (identity === undefined)
      throw new PosternError("identity_not_found", `"${userId}" has no identity "${identityId}".`);
    if (!isRemovable(identity, identities, runtime.settings))
      throw new PosternError("last_identity", "This is the only account by which they can sign in.");
    const now = runtime.now();
    const opened = (await tx.sessions.ofUser(userId)).filter((session) => session.identityId === identityId);
    const by = { actor, reason: "identity_unlinked", address, remark } as const;
    const ids = opened.map(({ id }) => id);
    const ending = await endSessionsWithin(runtime, tx, ids, by);
    const taken = [...ending.taken, ...(await takeTokens(runtime, tx, [identityId]))];
    await tx.identities.delete(identityId);
    const { provider, issuer, subject, handle } = identity;
    await tx.audit.insert(
      newEvent(now, {
        action: "identity.unlinked",
        actor,
        target: userId,
        address,
        detail: {
          ...{ identity: identityId, provider, issuer, subject, handle, sessions: ending.sessions.length },
          ...(remark !== undefined && { reason: remark }),
        },
      }),
    );
    return { ...ending, taken };
  });
  runtime.sessionCache.forgetUser(userId);
  afterEnding(runtime, ended);
  return ended.sessions.length;
}

/** Whether another way in is left without this one: an account at a provider that is configured. */
export function isRemovable(
  { id }: Pick<Identity, "id">,
  identities: readonly Identity[],
  settings: Pick<Settings, "providers">,
): boolean {
  const live = liveProviders(settings);
  return identities.some((other) => other.id !== id && live.includes(other.provider));
}
