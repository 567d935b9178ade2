import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered } from "./definition.ts";
import type { MembershipCheck, SetupGuide, Sources, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { trimSlashes } from "./internal/base-url.ts";
import { checkNotEmpty } from "./internal/check-not-empty.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { given, STANDARD_READ } from "./internal/defaults.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import { oidcProfile } from "./internal/oidc-profile.ts";
import {
  type Check,
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  checkParameters,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface CasdoorOptions {
  /** Default `casdoor`. */
  readonly id?: string | undefined;
  /** Default `Casdoor`. */
  readonly name?: string | LocalizedName | undefined;
  /** Its `origin`: `https://door.example.com`. */
  readonly baseUrl: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** The application's name, when it has an issuer and a certificate of its own. Default the server's. */
  readonly application?: string | undefined;
  /** Only people of this organization (`owner`). Default everybody whom the application lets in. */
  readonly organization?: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Default false. True: an e-mail counts as verified unless Casdoor says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A door with a knob. */
const MARK = "M6 2h12v20H6Zm9 9a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Z";
const WHERE = "Casdoor → Identity → Applications → your application.";

/**
 * Casdoor.
 *
 * - The issuer is the `origin` of its configuration; with `application` it is `{baseUrl}/.well-known/{application}`,
 *   and tokens may still name the origin (seen, so both count).
 * - What the token holds is a setting of the application: the standard claims, or the whole user, where `name` is the
 *   login name and `displayName` the name. Both are read, and userinfo is always asked.
 * - `email_verified` is weak: it tells what Casdoor was told.
 * - Groups are written `acme/ops`; roles are names, or objects with a name (seen).
 * - Some errors come with status 200: `{ "error": … }`, or `{ "status": "error" }`.
 * - There is no way to change one's mind on its page; `access_denied` is understood all the same.
 */
export function casdoor<const Id extends string = "casdoor", Keeps extends boolean = false>(
  options: CasdoorOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function casdoor(options: CasdoorOptions): ProviderDefinition {
  const { id = "casdoor", name = "Casdoor", application, organization } = options;
  const base = trimSlashes(options.baseUrl);
  return {
    ...oidcDefinition({
      id,
      name,
      mark: MARK,
      issuer: application === undefined ? base : `${base}/.well-known/${encodeURIComponent(application)}`,
      issuerAliases: application === undefined ? [] : [base],
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      clientAuthentication: "client_secret_post",
      scopes: options.scopes,
      parameters: options.authorizationParameters,
      userInfo: "always",
      restrict: (sources) => (isFrom(organization, sources) ? null : "organization"),
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(
            options,
            "baseUrl clientSecret application organization scopes authorizationParameters trustEmail",
          ),
          checkId(id),
          checkName(name),
          checkBaseUrl(options.baseUrl),
          checkCredentials(options, WHERE),
          checkNotEmpty("application", application),
          checkNotEmpty("organization", organization),
          checkScopes(options.scopes),
          checkParameters(options.authorizationParameters),
        ),
    }),
    ...(application === undefined
      ? {}
      : { discoveryUrl: `${base}/.well-known/${encodeURIComponent(application)}/openid-configuration` }),
    read: { ...STANDARD_READ, failure },
    profile,
    membership: {
      organization: claimMembership("acme", "owner"),
      group: claimMembership("acme/ops", "groups"),
      role: ROLE,
    },
    lifecycle: { refresh: { rotates: "unknown" }, revoke: null, endSession: "oidc" },
    guide: GUIDE,
  };
}

function isFrom(organization: string | undefined, { idToken, userInfo }: Sources): boolean {
  return organization === undefined || (idToken?.owner ?? userInfo?.owner) === organization;
}

// Errors in the words of RFC 6749 are read as everywhere.
function failure(body: unknown): ToldFailure | null {
  if (at(body, "status") !== "error") return null;
  return { kind: "protocol", code: "status_error" };
}

function profile(sources: Sources): Profile {
  const found = oidcProfile(sources);
  const { displayName, avatar } = sources.idToken ?? {};
  const { name, picture, preferred_username } = found.claims;
  const wholeUser = typeof displayName === "string";
  return {
    ...found,
    handle: preferred_username ?? (wholeUser ? sources.idToken?.name : found.handle),
    name: wholeUser ? displayName || name : name,
    emailVerified: found.emailVerified ?? flag(sources.idToken?.emailVerified),
    picture: picture ?? avatar,
  };
}

function flag(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

const ROLE: MembershipCheck = {
  example: "manager",
  fromSources: ({ idToken, userInfo }) => rolesIn(idToken) ?? rolesIn(userInfo),
};

function rolesIn(claims: Sources["idToken"]): readonly string[] | null {
  const roles = claims?.roles;
  if (!Array.isArray(roles)) return null;
  return roles.map((role) => asObject(role)?.name ?? role).filter((role) => typeof role === "string");
}

function checkBaseUrl(baseUrl: string | undefined): Check {
  return () => {
    const { pathname = "/" } = URL.parse(given(baseUrl)) ?? {};
    if (pathname === "/") return checkEndpoint("baseUrl", baseUrl)();
    return [problem("baseUrl", "has a path", 'Write the origin alone: "https://door.example.com".')];
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    issuer_mismatch: {
      en: "Set `origin` in Casdoor's app.conf to its outer address: without it the issuer is http://localhost:8000.",
      "zh-CN":
        "请在 Casdoor 的 app.conf 中把 origin 设为外部地址：未设置时 issuer 为 http://localhost:8000。",
    },
    client_invalid: {
      en: "The client id or secret is wrong. Copy both again from the application's page.",
      "zh-CN": "Client ID 或 Client secret 不正确，请从应用页面重新复制。",
    },
    redirect_mismatch: {
      en: "Add the address to the application's Redirect URLs; entries are regular expressions there.",
      "zh-CN": "请把地址加入应用的 Redirect URLs；该列表中的条目按正则表达式匹配。",
    },
    organization: {
      en: "The person belongs to another organization of the Casdoor server.",
      "zh-CN": "该人员属于此 Casdoor 中的其他组织。",
    },
  },
  facts: { subject: "sub", emailVerified: "sometimes" },
};
