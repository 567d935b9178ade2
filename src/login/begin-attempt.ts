import { randomToken } from "../crypto/random.ts";
import { PosternError } from "../errors.ts";
import { atAddress, atProvider } from "../limits/counted.ts";
import type { LoginTransaction } from "../model/login-transaction.ts";
import type { Visit } from "../model/visit.ts";
import { attributesOf, inSpan, OUTCOME } from "../operation/spans.ts";
import type { Provider, StartResult } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";
import { callbackAddress } from "../web/callback-address.ts";
import { setCookie } from "../web/cookie-names.ts";
import { browserMark, issueState } from "./login-state.ts";
import { type RefusedLogin, refuseLogin } from "./refuse-login.ts";
import { keepTransaction, TRANSACTION_LIFETIME } from "./transaction-cookie.ts";

type Uses = Pick<Runtime, "store" | "sealer" | "settings" | "limits" | "operation" | "now" | "log">;

/** What is to be remembered of an attempt beside what every attempt has. */
export interface Attempt
  extends Pick<
    LoginTransaction,
    "purpose" | "returnTo" | "begunBy" | "freshSince" | "formerSession" | "ownerLink" | "invitation"
  > {
  readonly visit: Visit;
  /** True when this is the one silent second try after a stale tab. Default false. */
  readonly restarted?: boolean;
}

/** Where to send the browser, and what it must keep until it comes back. */
export interface StartedLogin {
  readonly kind: "started";
  readonly location: URL;
  /** `Set-Cookie` values. */
  readonly cookies: readonly string[];
}

const BROWSER_MARK_LIFETIME = 24 * 60 * 60; // seconds

/**
 * Sends somebody to a provider, for whatever purpose. Writes nothing to the store unless the provider cannot be reached:
 * all there is to remember goes into a sealed cookie of this one browser.
 * @throws PosternError `rate_limited`, `store_unavailable`
 */
export async function beginAttempt(
  runtime: Uses,
  provider: Provider,
  attempt: Attempt,
): Promise<StartedLogin | RefusedLogin> {
  const labels = { provider: provider.id, purpose: attempt.purpose };
  const count = (outcome: string) => runtime.operation.metrics.starts.add({ ...labels, outcome });
  return inSpan("postern.start", attributesOf(labels), async (note) => {
    try {
      const begun = await begin(runtime, provider, attempt);
      const outcome = begun.kind === "refused" ? begun.code : begun.kind;
      count(outcome);
      note({ [OUTCOME]: outcome });
      return begun;
    } catch (error) {
      // Above all `rate_limited`, which whoever is on call looks for first.
      count(error instanceof PosternError ? error.code : "server_error");
      throw error;
    }
  });
}

async function begin(
  runtime: Uses,
  provider: Provider,
  attempt: Attempt,
): Promise<StartedLogin | RefusedLogin> {
  const { visit, restarted = false, ...remembered } = attempt;
  countStart(runtime, provider, visit);
  const { mark, isNew } = browserMark(visit.cookies, runtime.settings.cookies.browser);
  const begun: LoginTransaction = {
    ...remembered,
    provider: provider.id,
    issuer: provider.issuer,
    clientId: provider.clientId,
    redirectUri: redirectUri(runtime, provider.id),
    state: issueState(runtime.sealer, mark, restarted),
    nonce: randomToken(),
    codeVerifier: randomToken(),
    expiresAt: runtime.now() + TRANSACTION_LIFETIME,
  };
  let started: StartResult;
  try {
    started = await provider.start({ ...begun, userAgent: visit.userAgent });
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    const { code, reason } = error;
    // Nobody was sent anywhere: it is the provider's fault, however often it is tried.
    if (code === "provider_unavailable") takeBackStart(runtime, provider, visit);
    const input = { provider: provider.id, visit };
    return refuseLogin(runtime, input, { code, reason: reason ?? "start_failed", attempt });
  }
  const { url: location, keep } = started;
  const transaction = keep === undefined ? begun : { ...begun, extra: keep };
  const posted = provider.responseMode === "form_post";
  const cookies = keepTransaction(runtime, transaction, visit.cookies, posted);
  if (!isNew) return { kind: "started", location, cookies };

  const kept = { name: runtime.settings.cookies.browser, value: mark, maxAge: BROWSER_MARK_LIFETIME };
  return { kind: "started", location, cookies: [...cookies, setCookie(runtime.settings.cookies, kept)] };
}

/** @throws LimitReached */
function countStart({ limits }: Uses, { id }: Provider, { address }: Visit): void {
  limits.take("starts", atAddress(address));
  const reached = limits.reached("startsAtProvider", atProvider(id));
  if (reached === null) return;
  // Others have used that up.
  limits.giveBack("starts", atAddress(address));
  throw reached;
}

/** What has come to a good end, or was never on its way, does not count: many people may share an address. */
export function takeBackStart(
  { limits }: Pick<Runtime, "limits">,
  { id }: Pick<Provider, "id">,
  { address }: Visit,
): void {
  limits.giveBack("starts", atAddress(address));
  limits.giveBack("startsAtProvider", atProvider(id));
}

/** The provider of that id. @throws PosternError `unknown_provider` */
export function requireProvider(runtime: Pick<Runtime, "providers">, id: string): Provider {
  const provider = runtime.providers.get(id);
  if (provider === undefined)
    throw new PosternError("unknown_provider", "No provider of that id is configured.");
  return provider;
}

/** The callback address of a provider: built from `publicUrl` alone, never from the request. */
export function redirectUri(runtime: Pick<Runtime, "settings">, provider: string): string {
  return callbackAddress(runtime.settings, provider);
}
