import type { ProviderDefinition, Remembered } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { given } from "./internal/defaults.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkIssuer,
  checkName,
  checkOrigins,
  checkParameters,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface OktaOptions {
  /** Default `okta`. */
  readonly id?: string | undefined;
  /** Default `Okta`. */
  readonly name?: string | LocalizedName | undefined;
  /** `https://acme.okta.com` (org server) or `https://acme.okta.com/oauth2/default` (custom authorization server). */
  readonly issuer: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address: `{ idp: "0oa…" }`. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Origins that people are sent on to at once, such as another identity provider with `idp`. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless Okta says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** An arched door with a keyhole. */
const MARK = "M5 22V10a7 7 0 0 1 14 0v12Zm7-13a2.5 2.5 0 0 0-1.2 4.7L10 18h4l-.8-4.3A2.5 2.5 0 0 0 12 9Z";
const WHERE = "Okta admin console → Applications → your app → General.";

/**
 * Okta, both kinds of authorization server.
 *
 * - The issuer has no slash at its end; one that was copied along is taken off.
 * - ID tokens of the code flow are thin, so userinfo is always asked: name, e-mail and groups may be only there.
 * - Groups come only when a claim is set up for them: at the app's "Groups claim filter" (org server) or as a claim of
 *   the authorization server. Without it a rule cannot tell. A filter that fits more than a hundred groups fails (seen).
 * - "Not assigned to the application" and "policy evaluation failed" come back as `access_denied`, like a change of
 *   mind; they are told apart by their description, which is read for that only. (Seen, not documented.)
 */
export function okta<const Id extends string = "okta", Keeps extends boolean = false>(
  options: OktaOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function okta(options: OktaOptions): ProviderDefinition {
  const { id = "okta", name = "Okta" } = options;
  const definition = oidcDefinition({
    id,
    name,
    mark: MARK,
    issuer: trimSlashes(options.issuer),
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    scopes: options.scopes,
    parameters: options.authorizationParameters,
    userInfo: "always",
    redirectOrigins: options.redirectOrigins,
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    problems: () =>
      findProblems(
        checkOptionNames(
          options,
          "issuer clientSecret scopes authorizationParameters redirectOrigins trustEmail",
        ),
        checkId(id),
        checkName(name),
        checkOktaIssuer(options.issuer),
        checkCredentials(options, WHERE),
        checkScopes(options.scopes),
        checkParameters(options.authorizationParameters),
        checkOrigins(options.redirectOrigins),
      ),
  });
  return {
    ...definition,
    callback: { ...definition.callback, cancelled },
    membership: {
      // A server of one's own refuses scopes that it does not have; there the claim can stand under any scope.
      group: { ...claimMembership("ops", "groups"), scopes: isCustom(definition.issuer) ? [] : ["groups"] },
    },
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: "unknown" },
      revoke: "rfc7009",
      endSession: "oidc",
    },
    guide: GUIDE,
  };
}

function isCustom(issuer: string): boolean {
  return /\/oauth2\/[^/]+$/.test(issuer);
}

function cancelled(parameters: URLSearchParams): boolean {
  const refused = /not assigned|policy evaluation/i.test(parameters.get("error_description") ?? "");
  return parameters.get("error") === "access_denied" && !refused;
}

function checkOktaIssuer(issuer: string | undefined): Check {
  return () => {
    const { hostname = "", pathname = "" } = URL.parse(given(issuer)) ?? {};
    if (/-admin\.okta/.test(hostname)) {
      return [problem("issuer", "is the address of the admin console", 'Leave out "-admin".')];
    }
    if (/\/oauth2\/?$|\/v1(\/|$)|\/\.well-known\//.test(pathname)) {
      return [
        problem(
          "issuer",
          "is the address of an endpoint",
          'Write "https://acme.okta.com", or "https://acme.okta.com/oauth2/default" for a custom authorization server.',
        ),
      ];
    }
    return checkIssuer(issuer)();
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    access_denied: {
      en: "Assign the person to the app (Assignments). With a custom authorization server, give the app an access policy there too.",
      "zh-CN": "请在应用的 Assignments 中分配该人员；使用自定义授权服务器时，还需为该应用添加访问策略。",
    },
    client_invalid: {
      en: "The client id or secret is wrong, or belongs to an app of another Okta organization.",
      "zh-CN": "Client ID 或 Client Secret 不正确，或属于另一个 Okta 组织的应用。",
    },
    invalid_scope: {
      en: "The authorization server does not know one of the scopes. A custom one knows only those under its Scopes.",
      "zh-CN": "授权服务器不认识某个 scope。自定义授权服务器只认识其 Scopes 中列出的项。",
    },
    issuer_mismatch: {
      en: "The organization's own server and a custom one have different issuers. Copy it from Security → API, or leave out /oauth2/….",
      "zh-CN": "组织服务器与自定义授权服务器的 issuer 不同。请从 Security → API 复制，或去掉 /oauth2/…。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};
