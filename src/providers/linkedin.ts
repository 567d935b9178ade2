import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { SetupGuide, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { ROUND_TRIP } from "./internal/freshness.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import { oidcProfile } from "./internal/oidc-profile.ts";
import { checkCredentials, checkId, checkName, findProblems } from "./internal/problems.ts";
import { verified } from "./internal/verified.ts";
import type { LocalizedName } from "./provider.ts";

export interface LinkedinOptions {
  /** Default `linkedin`. */
  readonly id?: string | undefined;
  /** Default `LinkedIn` / `领英`. */
  readonly name?: string | LocalizedName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Default false. True: an e-mail counts as verified unless LinkedIn says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Default `https://www.linkedin.com`; another one for tests. The issuer is `/oauth` below it. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A briefcase. */
const MARK = "M9 5a2 2 0 0 1 2-2h2a2 2 0 0 1 2 2v2h6v13H3V7h6ZM11 5v2h2V5Z";
const WHERE = "LinkedIn developer portal → My apps → your app → Auth.";
const NAME = { en: "LinkedIn", "zh-CN": "领英" };

/**
 * LinkedIn ("Sign In with LinkedIn using OpenID Connect").
 *
 * - The product of that name must be added to the app; until then its scopes are refused.
 * - Client id and secret go into the form only.
 * - The nonce does not come back, and web applications have no PKCE (seen, not documented): what is left is `state`
 *   and a code that our own secret redeems.
 * - Cancelling has two words of its own: `user_cancelled_login` and `user_cancelled_authorize`.
 * - The issuer has changed once; ID tokens may still carry the older spelling, identities keep the newer.
 * - The subject is another one for every app.
 * - `email_verified` was seen as boolean and as text; the e-mail may be missing.
 * - The token endpoint calls a bad code, and a callback address that does not fit it, `invalid_request` (seen, not
 *   documented).
 * - Refresh tokens are for approved partners only.
 * - It knows neither `max_age` nor `auth_time`: a step-up can see no more than that people have been there and back.
 */
export function linkedin<const Id extends string = "linkedin", Keeps extends boolean = false>(
  options: LinkedinOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function linkedin(options: LinkedinOptions): ProviderDefinition {
  const { id = "linkedin", name = NAME } = options;
  const base = trimSlashes(options.baseUrl ?? "https://www.linkedin.com");
  const definition = oidcDefinition({
    id,
    name,
    mark: MARK,
    issuer: `${base}/oauth`,
    issuerAliases: [base],
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clientAuthentication: "client_secret_post",
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    problems: () =>
      findProblems(
        checkOptionNames(options, "clientSecret trustEmail baseUrl"),
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        checkAddresses({ baseUrl: options.baseUrl }),
      ),
  });
  return {
    ...definition,
    freshness: ROUND_TRIP,
    checks: { ...definition.checks, pkce: "off", nonce: false },
    callback: {
      ...definition.callback,
      cancelled: (parameters) => CANCELLED.has(parameters.get("error") ?? ""),
    },
    read: { ...STANDARD_READ, failure },
    profile,
    api: { baseUrl: options.baseUrl === undefined ? "https://api.linkedin.com" : base },
    lifecycle: { refresh: null, revoke: null, endSession: null },
    guide: GUIDE,
    namedHosts: () => givenHosts({ baseUrl: options.baseUrl }),
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    unauthorized_scope_error: {
      en: 'Add the product "Sign In with LinkedIn using OpenID Connect" to the app, under Products.',
      "zh-CN": "请在应用的 Products 页添加“Sign In with LinkedIn using OpenID Connect”产品。",
    },
    code_invalid: {
      en: "The code was used before or is too old, or the callback address is not among the app's redirect URLs.",
      "zh-CN": "授权码已使用或已过期，或者回调地址不在应用的重定向 URL 列表中。",
    },
    client_invalid: {
      en: "The client secret is wrong. Copy it again from the Auth tab.",
      "zh-CN": "客户端密钥不正确，请从 Auth 页重新复制。",
    },
  },
  facts: { subject: "sub", emailVerified: "sometimes" },
};

const CANCELLED = new Set(["user_cancelled_login", "user_cancelled_authorize", "access_denied"]);

// The rest of our request is always the same, so what is wrong with it is the code.
function failure(body: unknown): ToldFailure | null {
  return at(body, "error") === "invalid_request" ? { kind: "code_invalid", code: "invalid_request" } : null;
}

function profile(sources: Sources): Profile {
  const standard = oidcProfile(sources);
  return { ...standard, emailVerified: verified(standard.claims.email_verified) };
}
