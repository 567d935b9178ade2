import { sha256 } from "../crypto/hash.ts";
import { randomToken } from "../crypto/random.ts";
import { PosternError } from "../errors.ts";
import { keptInvitation } from "../invitations/invitation-cookie.ts";
import type { LoginTransaction } from "../model/login-transaction.ts";
import type { Visit } from "../model/visit.ts";
import type { Provider, StartResult } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";
import { setCookie } from "../web/cookie-names.ts";
import { readCookie } from "../web/cookies.ts";
import type { ReturnTarget } from "../web/return-target.ts";
import { browserMark, issueState } from "./login-state.ts";
import { type RefusedLogin, refuseLogin } from "./refuse-login.ts";
import { keepTransaction, TRANSACTION_LIFETIME } from "./transaction-cookie.ts";

type Uses = Pick<Runtime, "providers" | "store" | "sealer" | "cookies" | "settings" | "now" | "log">;

export interface StartLoginInput {
  /** Provider instance id, as it came in the address. */
  readonly provider: string;
  readonly returnTo: ReturnTarget;
  readonly visit: Visit;
  /** True when this is the one silent second try after a stale tab. Default false. */
  readonly restarted?: boolean;
  /** The accepted invitation (SHA-256 of its token). Default: the cookie of the visit tells. */
  readonly invitation?: string;
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
 * Begins a sign-in (RFC 6749 §4.1.1 with PKCE S256, RFC 7636). Writes nothing to the store unless the provider cannot
 * be reached: all there is to remember goes into a sealed cookie of this one browser.
 * @throws PosternError `unknown_provider`, `store_unavailable`
 */
export async function startLogin(
  runtime: Uses,
  input: StartLoginInput,
): Promise<StartedLogin | RefusedLogin> {
  const provider = requireProvider(runtime, input.provider);
  const { mark, isNew } = browserMark(input.visit.cookies, runtime.cookies.browser);
  const begun: LoginTransaction = {
    purpose: "login",
    provider: provider.id,
    issuer: provider.issuer,
    clientId: provider.clientId,
    redirectUri: redirectUri(runtime, provider.id),
    state: issueState(runtime.sealer, mark, input.restarted ?? false),
    nonce: randomToken(),
    codeVerifier: randomToken(),
    returnTo: input.returnTo,
    ...leftBehind(runtime, provider, input),
    ...acceptedInvitation(runtime, input),
    expiresAt: runtime.now() + TRANSACTION_LIFETIME,
  };
  let started: StartResult;
  try {
    started = await provider.start({ ...begun, userAgent: input.visit.userAgent });
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return refuseLogin(runtime, input, {
      code: error.code,
      reason: error.reason ?? "start_failed",
      returnTo: input.returnTo,
    });
  }
  const { url: location, keep } = started;
  const transaction = keep === undefined ? begun : { ...begun, extra: keep };
  const cookies = keepTransaction(
    runtime,
    transaction,
    input.visit.cookies,
    provider.responseMode === "form_post",
  );
  if (!isNew) return { kind: "started", location, cookies };

  const kept = { name: runtime.cookies.browser, value: mark, maxAge: BROWSER_MARK_LIFETIME };
  return { kind: "started", location, cookies: [...cookies, setCookie(runtime.cookies, kept)] };
}

/** What the browser holds now and will not show when its callback is posted from another site. */
function leftBehind(
  { cookies }: Uses,
  { responseMode }: Provider,
  { visit }: StartLoginInput,
): Pick<LoginTransaction, "formerSession" | "ownerLink"> {
  if (responseMode !== "form_post") return {};
  const session = readCookie(visit.cookies, cookies.session);
  const link = readCookie(visit.cookies, cookies.ownerLink);
  return {
    ...(session !== null && { formerSession: sha256(session) }),
    ...(link !== null && { ownerLink: sha256(link) }),
  };
}

/** Taken along in the transaction, since a callback that is posted from another site brings no cookie of ours but that. */
function acceptedInvitation(
  runtime: Uses,
  { invitation, visit }: StartLoginInput,
): Pick<LoginTransaction, "invitation"> {
  const secretHash = invitation ?? keptInvitation(runtime, visit.cookies);
  return secretHash === null ? {} : { invitation: secretHash };
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
  const { publicUrl, mountPath } = runtime.settings;
  return `${publicUrl.origin}${mountPath}/callback/${provider}`;
}
