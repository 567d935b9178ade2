import { sha256 } from "../crypto/hash.ts";
import { keptInvitation } from "../invitations/invitation-cookie.ts";
import type { LoginTransaction } from "../model/login-transaction.ts";
import type { Visit } from "../model/visit.ts";
import type { Provider } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";
import { readCookie } from "../web/cookies.ts";
import type { ReturnTarget } from "../web/return-target.ts";
import { beginAttempt, requireProvider, type StartedLogin } from "./begin-attempt.ts";
import type { RefusedLogin } from "./refuse-login.ts";

type Uses = Pick<
  Runtime,
  "providers" | "store" | "sealer" | "settings" | "limits" | "operation" | "now" | "log"
>;

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

/**
 * Begins a sign-in (RFC 6749 §4.1.1 with PKCE S256, RFC 7636).
 * @throws PosternError `unknown_provider`, `store_unavailable`
 */
export async function startLogin(
  runtime: Uses,
  input: StartLoginInput,
): Promise<StartedLogin | RefusedLogin> {
  const provider = requireProvider(runtime, input.provider);
  const { returnTo, visit, restarted = false } = input;
  return beginAttempt(runtime, provider, {
    purpose: "login",
    returnTo,
    visit,
    restarted,
    ...leftBehind(runtime, provider, input),
    ...acceptedInvitation(runtime, input),
  });
}

/** What the browser holds now and will not show when its callback is posted from another site. */
function leftBehind(
  { settings: { cookies } }: Uses,
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
