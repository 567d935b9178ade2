import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { PosternError } from "../errors.ts";
import { signOutSettings } from "../model/sign-out-options.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { LogoutReading, Provider } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";
import { afterEnding, type Ending, endSessionsWithin } from "../sessions/end-session.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

export interface LogoutTokenInput {
  /** Provider instance id, as it came in the address. */
  readonly provider: string;
  readonly token: string;
  readonly address: string | null;
}

/** What became of a logout token; `reason` is for the administrator. */
export type LogoutReceipt =
  | { readonly kind: "accepted"; readonly sessions: number }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * How long a token is remembered, in milliseconds: longer than one is accepted, so that it counts once, and longer than
 * somebody may take at the provider, so that a sign-in under way finds it.
 */
const REMEMBERED = 15 * 60_000;

/**
 * Ends the sessions that a provider says have ended there (OpenID Connect Back-Channel Logout §2.5–2.8).
 * @throws PosternError `unknown_provider`, `not_found` where it is not expected to tell, `provider_unavailable` when its
 * keys cannot be had, `store_unavailable`
 */
export async function receiveLogoutToken(runtime: Uses, input: LogoutTokenInput): Promise<LogoutReceipt> {
  const provider = runtime.providers.get(input.provider);
  if (provider === undefined)
    throw new PosternError("unknown_provider", "No provider of that id is configured.");
  if (!(await isHeard(runtime, provider)))
    throw new PosternError("not_found", `Logout tokens of ${provider.id} are not expected.`);

  const reading = await provider.readLogout(input.token);
  if (reading.kind === "refused") {
    const { code, reason } = reading;
    runtime.log.warn({ provider: provider.id, code, reason }, "logout token refused");
    if (code === "provider_unavailable")
      throw new PosternError(code, "The keys of the provider cannot be had.", { reason });
    return { kind: "refused", reason };
  }
  const ended = await runtime.store.transaction((tx) => record(runtime, tx, input, reading.token));
  if (ended === null) {
    runtime.log.warn({ provider: provider.id, reason: "already_used" }, "logout token refused");
    return { kind: "refused", reason: "already_used" };
  }
  afterEnding(runtime, ended);
  return { kind: "accepted", sessions: ended.sessions.length };
}

async function isHeard({ settings }: Uses, provider: Provider): Promise<boolean> {
  return signOutSettings(settings.signOut, provider.id).backChannel ?? provider.tellsOfLogouts();
}

/** Remembers the token and ends what it is about; `null` = it was there before. */
async function record(
  runtime: Uses,
  tx: StoreTransaction,
  { provider, address }: LogoutTokenInput,
  { issuer, sid, subject, id, issuedAt }: Extract<LogoutReading, { kind: "valid" }>["token"],
): Promise<Ending | null> {
  const now = runtime.now();
  const meant = { provider, issuer, sid, subject };
  const first = await tx.logoutNotices.insert({
    ...meant,
    tokenHash: sha256(JSON.stringify([provider, issuer, id])),
    issuedAt,
    receivedAt: now,
    expiresAt: now + REMEMBERED,
  });
  if (!first) return null;
  const by = { actor: `provider:${provider}`, reason: "signed_out_at_provider", address } as const;
  const ended = await endSessionsWithin(runtime, tx, await tx.providerSessions.find(meant), by);
  await tx.audit.insert(
    newEvent(now, {
      action: "logout.received",
      actor: by.actor,
      address,
      detail: {
        ...{ provider, issuer, subject, bySession: sid !== null },
        sessions: ended.sessions.map((one) => one.id),
      },
    }),
  );
  return ended;
}
