import { hostname } from "node:os";
import { newEvent } from "../audit/new-event.ts";
import type { KeptTokens, TokenVersion } from "../model/kept-tokens.ts";
import type { Provider } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";

type Uses = Pick<Runtime, "settings" | "store" | "now" | "log">;

/** What this process is called in the leases that it holds. */
const OWNER = `${hostname()}:${process.pid}`;

/**
 * Takes the right to refresh; `null` = somebody else has it, or was faster. Where a refresh token is used up by its
 * first use, somebody who is late gets twice the time: if they were only held up, their answer is the only good one.
 */
export async function takeLease(
  { store, settings }: Uses,
  { identityId, version, leaseLeft }: KeptTokens,
  refreshToken: NonNullable<Provider["refreshToken"]>,
): Promise<TokenVersion | null> {
  const milliseconds = settings.refreshLease;
  const patience = refreshToken === "once" ? 2 * milliseconds : 0;
  if (leaseLeft !== null && leaseLeft + patience > 0) return null;
  const claimed = await store.transaction((tx) =>
    tx.tokens.claim({ identityId, version }, { owner: OWNER, milliseconds, patience }),
  );
  return claimed === null ? null : { identityId, version: claimed };
}

/** Renews the lease while `work` runs. Whether it is still held decides the write at the end, not this. */
export async function whileRenewing<T>(
  { store, settings, log }: Uses,
  held: TokenVersion,
  work: () => Promise<T>,
): Promise<T> {
  const milliseconds = settings.refreshLease;
  const renew = () =>
    store
      .transaction((tx) => tx.tokens.renew(held, { milliseconds }))
      .catch((error: unknown) => log.warn({ err: error }, "The lease of a refresh could not be renewed."));
  const timer = setInterval(renew, milliseconds / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Drops tokens that are of no use any more, and tells of it. Answers false when somebody has replaced them meanwhile. */
export function dropTokens(
  { store, now }: Uses,
  held: TokenVersion,
  { userId, provider, identityId }: KeptTokens,
  reason: string,
): Promise<boolean> {
  return store.transaction(async (tx) => {
    if (!(await tx.tokens.drop(held))) return false;
    const told = { actor: "system", target: userId, reason, detail: { provider, identityId } };
    await tx.audit.insert(newEvent(now(), { action: "token.dropped", ...told }));
    return true;
  });
}
