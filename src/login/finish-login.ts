import { askMembership } from "../access/ask-membership.ts";
import { constantTimeEqual, sha256 } from "../crypto/hash.ts";
import { dropInvitation } from "../invitations/invitation-cookie.ts";
import type { LoginTransaction } from "../model/login-transaction.ts";
import type { Visit } from "../model/visit.ts";
import type { Provider } from "../providers/provider.ts";
import { keepProof } from "../requests/request-proof.ts";
import type { Runtime } from "../runtime.ts";
import { readCookie } from "../web/cookies.ts";
import type { ReturnTarget } from "../web/return-target.ts";
import { HOME } from "../web/return-to.ts";
import type { Admission, AdmitInput } from "./admission.ts";
import { admit } from "./admit.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { isRestart, wasIssuedTo } from "./login-state.ts";
import { type Application, type RefusedLogin, refuseLogin } from "./refuse-login.ts";
import { redirectUri, requireProvider, type StartedLogin, startLogin } from "./start-login.ts";
import { dropTransaction, findTransaction, TRANSACTION_LIFETIME } from "./transaction-cookie.ts";

type Uses = Pick<
  Runtime,
  "settings" | "store" | "providers" | "policy" | "sessionCache" | "sealer" | "cookies" | "now" | "log"
>;

export interface FinishLoginInput {
  /** Provider instance id, as it came in the address. */
  readonly provider: string;
  /** The parameters of the callback, as they came: query, or form body. */
  readonly parameters: URLSearchParams;
  readonly visit: Visit;
}

/** How a sign-in ended. Every ending but a restart has been written to the audit log. */
export type FinishedLogin =
  | {
      readonly kind: "signed-in";
      /** For the session cookie. */
      readonly secret: string;
      readonly returnTo: ReturnTarget;
      /** True when they come in for the first time since their request was approved. */
      readonly approved: boolean;
      readonly cookies: readonly string[];
    }
  | (Omit<StartedLogin, "kind"> & { readonly kind: "restart" })
  | RefusedLogin;

/** Longest parameter of a callback that is read, in characters. Codes of 2 KiB exist. */
const MOST_CHARACTERS = 4096;

/**
 * Finishes a sign-in, step by step; each step either goes on or ends it.
 * @throws PosternError `unknown_provider`, `store_unavailable`
 */
export async function finishLogin(runtime: Uses, input: FinishLoginInput): Promise<FinishedLogin> {
  const provider = requireProvider(runtime, input.provider);

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
  if (runtime.now() >= transaction.expiresAt)
    return stale(runtime, input, state, "transaction_expired", transaction);

  // 3. It is spent now, before anything is asked of the provider: nobody comes back twice.
  const stateHash = sha256(state);
  const first = await runtime.store.transaction((tx) =>
    tx.loginTransactions.consume(stateHash, transaction.expiresAt),
  );
  if (!first) {
    return refuseLogin(runtime, input, { code: "state_mismatch", reason: "already_used", transaction });
  }

  // 4. The provider says who has arrived.
  const result = await provider.finish({ ...transaction, parameters: input.parameters });
  if (result.kind === "cancelled") {
    return refuseLogin(runtime, input, { code: "access_denied_by_user", reason: "cancelled", transaction });
  }
  if (result.kind === "failed") return refuseLogin(runtime, input, { ...result, transaction });

  // 5. The rules may need to know where they belong: asked before the store is locked for them.
  const arrival = { provider: provider.id, userInfo: result.userInfo };
  const facts = await askMembership(await runtime.policy.latest(), arrival, result.belongs);

  // 6. We say whether they may enter, and as what.
  const admission = await admit(runtime, {
    ...arrival,
    facts,
    returning: result.sessionThere && {
      sessionThere: result.sessionThere,
      begunAt: transaction.expiresAt - TRANSACTION_LIFETIME,
    },
    visit: input.visit,
    tokens: provider.keepsTokens ? result.tokens : null,
    formerSession: transaction.formerSession ?? null,
    ownerLink: transaction.ownerLink ?? null,
    invitation: transaction.invitation ?? null,
  });
  // Whatever became of the invitation, the next sign-in in this browser is an ordinary one again.
  const invited = transaction.invitation === undefined ? [] : [dropInvitation(runtime)];
  const cookies = [dropTransaction(runtime, state), ...invited];
  if (admission.kind === "admitted") {
    const { secret, approved } = admission;
    return { kind: "signed-in", secret, approved, returnTo: transaction.returnTo, cookies };
  }
  const { returnTo } = transaction;
  const application = admission.applicant && keepApplication(runtime, arrival, admission.applicant, returnTo);
  const { kind, code, reference, handle } = admission;
  const technical = await explainRefusal(runtime, { ...arrival, facts }, admission);
  return {
    ...{ kind, code, reference, handle, returnTo, technical },
    ...(application !== null && { application }),
    cookies: [...cookies, ...(application === null ? [] : [application.cookie])],
  };
}

/** What the next page needs of somebody who may ask to be let in. */
function keepApplication(
  runtime: Uses,
  arrival: Pick<AdmitInput, "provider" | "userInfo">,
  { userId, standing }: NonNullable<Extract<Admission, { kind: "refused" }>["applicant"]>,
  returnTo: ReturnTarget,
): (Application & { readonly cookie: string }) | null {
  const kept = keepProof(runtime, { ...arrival, userId, returnTo });
  return kept === null ? null : { ...kept, standing };
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
  if (transaction.purpose !== "login") return "other_purpose";
  if (!constantTimeEqual(transaction.state, state)) return "other_state";
  if (transaction.provider !== provider.id) return "other_provider";
  if (transaction.issuer !== provider.issuer) return "other_issuer";
  if (transaction.clientId !== provider.clientId) return "other_client";
  if (transaction.redirectUri !== redirectUri(runtime, provider.id)) return "other_redirect_uri";
  return null;
}

/** No cookie for this state: either it is another browser's, or a tab of this one that has gone stale. */
async function withoutTransaction(
  runtime: Uses,
  input: FinishLoginInput,
  state: string,
): Promise<FinishedLogin> {
  const browser = readCookie(input.visit.cookies, runtime.cookies.browser);
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
  const signedIn = readCookie(input.visit.cookies, runtime.cookies.session) !== null;
  if (signedIn || isRestart(state))
    return refuseLogin(runtime, input, { code: "state_mismatch", reason, transaction });
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
