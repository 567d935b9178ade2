import { askMembership } from "../access/ask-membership.ts";
import { constantTimeEqual, sha256 } from "../crypto/hash.ts";
import { byIdentity } from "../limits/counted.ts";
import type { LoginPurpose, LoginTransaction } from "../model/login-transaction.ts";
import type { MembershipFact } from "../model/membership.ts";
import type { Visit } from "../model/visit.ts";
import { attributesOf, inSpan } from "../operation/spans.ts";
import type { Provider } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";
import { readCookie } from "../web/cookies.ts";
import { HOME } from "../web/return-to.ts";
import { redirectUri, requireProvider, takeBackStart } from "./begin-attempt.ts";
import { finishLink } from "./finish-link.ts";
import { finishSignIn } from "./finish-sign-in.ts";
import { finishStepUp } from "./finish-step-up.ts";
import type { FinishedLogin } from "./finished-login.ts";
import { isRestart, wasIssuedTo } from "./login-state.ts";
import { refuseLogin } from "./refuse-login.ts";
import { whileRulesChange } from "./rules-changed.ts";
import { startLogin } from "./start-login.ts";
import { dropTransaction, findTransaction, TRANSACTION_LIFETIME } from "./transaction-cookie.ts";
import { watchCallback } from "./watch-callback.ts";

type Uses = Pick<
  Runtime,
  | "settings"
  | "store"
  | "providers"
  | "policy"
  | "sessionCache"
  | "sealer"
  | "limits"
  | "operation"
  | "now"
  | "log"
>;

export interface FinishLoginInput {
  /** Provider instance id, as it came in the address. */
  readonly provider: string;
  /** The parameters of the callback, as they came: query, or form body. */
  readonly parameters: URLSearchParams;
  readonly visit: Visit;
}

const PURPOSES: readonly LoginPurpose[] = ["login", "step-up", "link"];

/** Longest parameter of a callback that is read, in characters. Codes of 2 KiB exist. */
const MOST_CHARACTERS = 4096;

/**
 * Finishes what was begun at a provider, and counts what came of it.
 * @throws PosternError `unknown_provider`, `rate_limited`, `store_unavailable`
 */
export async function finishLogin(runtime: Uses, input: FinishLoginInput): Promise<FinishedLogin> {
  const provider = requireProvider(runtime, input.provider);
  const finished = await watchCallback(runtime, provider.id, () => finish(runtime, provider, input));
  const { kind } = finished;
  if (kind === "signed-in" || kind === "stepped-up" || kind === "linked")
    takeBackStart(runtime, provider, input.visit);
  return finished;
}

/** Step by step; each step either goes on or ends it. */
async function finish(runtime: Uses, provider: Provider, input: FinishLoginInput): Promise<FinishedLogin> {
  // 1. The callback must be readable: RFC 6749 §3.1 allows no parameter twice.
  const unreadable = whyUnreadable(input.parameters);
  if (unreadable !== null)
    return refuseLogin(runtime, input, { code: "callback_invalid", reason: unreadable });

  // 2. It must belong to an attempt that this browser began here, whatever else it says.
  const state = input.parameters.get("state");
  if (state === null) return refuseLogin(runtime, input, { code: "state_mismatch", reason: "state_missing" });
  const transaction = findTransaction(runtime, input.visit.cookies, state);
  if (transaction === null) return withoutTransaction(runtime, input, state);
  const mismatch = whyMismatch(runtime, provider, transaction, state);
  if (mismatch !== null) return refuseLogin(runtime, input, { code: "state_mismatch", reason: mismatch });
  const otherSession = whyOtherSession(runtime, provider, transaction, input.visit);
  if (otherSession !== null) {
    const told = { code: "state_mismatch", reason: otherSession, attempt: transaction } as const;
    return refuseLogin(runtime, input, told);
  }
  if (runtime.now() >= transaction.expiresAt)
    return stale(runtime, input, state, "transaction_expired", transaction);

  // 3. It is spent now, before anything is asked of the provider: nobody comes back twice.
  const stateHash = sha256(state);
  const first = await runtime.store.loginTransactions.consume(stateHash, transaction.expiresAt);
  if (!first) {
    return refuseLogin(runtime, input, {
      code: "state_mismatch",
      reason: "already_used",
      attempt: transaction,
    });
  }

  // 4. The provider says who has arrived.
  const result = await provider.finish({ ...transaction, parameters: input.parameters });
  if (result.kind === "cancelled") {
    return refuseLogin(runtime, input, {
      code: "access_denied_by_user",
      reason: "cancelled",
      attempt: transaction,
      isSpent: true,
    });
  }
  if (result.kind === "failed")
    return refuseLogin(runtime, input, { ...result, attempt: transaction, isSpent: true });

  // 5. The rules may need to know where they belong: asked before the store is locked for them.
  const arrival = { provider: provider.id, userInfo: result.userInfo };
  runtime.limits.take(
    "arrivals",
    byIdentity({ ...result.userInfo, provider: provider.id }, input.visit.address),
  );
  const ask = async (known: readonly MembershipFact[]) =>
    askMembership(await runtime.policy.latest(), arrival, result.belongs, known);

  // 6. What they have come for is done, or refused.
  const tokens = provider.keepsTokens ? result.tokens : null;
  const returning = result.sessionThere && {
    sessionThere: result.sessionThere,
    begunAt: transaction.expiresAt - TRANSACTION_LIFETIME,
  };
  const { purpose, begunBy } = transaction;
  const complete = async (facts: readonly MembershipFact[]): Promise<FinishedLogin> => {
    const arrived = { ...arrival, facts, returning, tokens, visit: input.visit };
    if (purpose === "login") return finishSignIn(runtime, transaction, arrived);
    // Checked in step 2 already: nobody gets past it without.
    if (begunBy === undefined) throw new Error(`Nobody began this ${purpose}.`);
    const begun = { ...transaction, begunBy };
    return purpose === "link"
      ? finishLink(runtime, begun, arrived)
      : finishStepUp(runtime, begun, arrived, provider.freshness);
  };
  const facts = await ask([]);
  return inSpan("postern.admit", attributesOf({ provider: provider.id, purpose }), () =>
    whileRulesChange(facts, ask, complete),
  );
}

function whyUnreadable(parameters: URLSearchParams): string | null {
  const seen = new Set<string>();
  for (const [name, value] of parameters) {
    if (seen.has(name)) return "parameter_twice";
    if (name.length > 256 || value.length > MOST_CHARACTERS || seen.size >= 64) return "parameter_too_long";
    seen.add(name);
  }
  return null;
}

/** Each binding of the transaction on its own, so that the audit log can name the one that failed. */
function whyMismatch(
  runtime: Uses,
  provider: Provider,
  transaction: LoginTransaction,
  state: string,
): string | null {
  if (!PURPOSES.includes(transaction.purpose)) return "other_purpose";
  if (!constantTimeEqual(transaction.state, state)) return "other_state";
  if (transaction.provider !== provider.id) return "other_provider";
  if (transaction.issuer !== provider.issuer) return "other_issuer";
  if (transaction.clientId !== provider.clientId) return "other_client";
  if (transaction.redirectUri !== redirectUri(runtime, provider.id)) return "other_redirect_uri";
  return null;
}

/**
 * Why what somebody began who was signed in does not belong to this session; `null` = it does. The session's own cookie
 * is `Lax`: where the callback is posted from another site it does not come along, and the sealed transaction, which
 * this browser alone has, must be enough.
 */
function whyOtherSession(
  { settings: { cookies } }: Uses,
  { responseMode }: Provider,
  { purpose, begunBy }: LoginTransaction,
  visit: Visit,
): string | null {
  if (purpose === "login") return null;
  if (begunBy === undefined) return "no_session";
  const secret = readCookie(visit.cookies, cookies.session);
  if (secret === null) return responseMode === "form_post" ? null : "no_session";
  return constantTimeEqual(sha256(secret), begunBy.secretHash) ? null : "other_session";
}

/** No cookie for this state: either it is another browser's, or a tab of this one that has gone stale. */
async function withoutTransaction(
  runtime: Uses,
  input: FinishLoginInput,
  state: string,
): Promise<FinishedLogin> {
  const browser = readCookie(input.visit.cookies, runtime.settings.cookies.browser);
  if (!wasIssuedTo(runtime.sealer, browser, state))
    return refuseLogin(runtime, input, { code: "state_mismatch", reason: "not_this_browser" });
  return stale(runtime, input, state, "transaction_gone", null);
}

/**
 * A stale tab begins again by itself, once: no code is exchanged, so nothing can be smuggled in. Not while somebody is
 * signed in (a callback from the history must not start anything), and not when this was the second try already.
 */
async function stale(
  runtime: Uses,
  input: FinishLoginInput,
  state: string,
  reason: string,
  transaction: LoginTransaction | null,
): Promise<FinishedLogin> {
  const signedIn = readCookie(input.visit.cookies, runtime.settings.cookies.session) !== null;
  const isLogin = transaction === null || transaction.purpose === "login";
  if (signedIn || !isLogin || isRestart(state))
    return refuseLogin(runtime, input, { code: "state_mismatch", reason, attempt: transaction });
  const returnTo = transaction?.returnTo ?? HOME;
  const { invitation } = transaction ?? {};
  const started = await startLogin(runtime, {
    ...input,
    returnTo,
    restarted: true,
    ...(invitation !== undefined && { invitation }),
  });
  const cookies = [dropTransaction(runtime, state), ...started.cookies];
  return started.kind === "started" ? { ...started, kind: "restart", cookies } : { ...started, cookies };
}
