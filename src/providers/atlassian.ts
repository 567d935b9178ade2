import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { SetupGuide, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { hostsOf } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  checkScopes,
  findProblems,
} from "./internal/problems.ts";
import { verified } from "./internal/verified.ts";
import type { LocalizedName } from "./provider.ts";

export interface AtlassianOptions {
  /** Default `atlassian`. */
  readonly id?: string | undefined;
  /** Default `Atlassian`. */
  readonly name?: string | LocalizedName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Default `read:me`. Each must be added to the app under Permissions. */
  readonly scopes?: readonly string[] | undefined;
  /** What is asked for besides when a rule looks at `site`: sites are listed only for a product. Default `read:jira-user`. */
  readonly productScopes?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless Atlassian says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** One address in place of `https://auth.atlassian.com` and `https://api.atlassian.com`, for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A ridge with two peaks. */
const MARK = "M1 20 9 5l4.5 8.5L16 9l7 11H1Z";
const WHERE = "developer.atlassian.com → Developer console → your app → Settings.";

/**
 * Atlassian (Jira, Confluence and the other cloud products), by "OAuth 2.0 (3LO)".
 *
 * - The address needs `audience` and `prompt=consent`, always.
 * - `read:me` works only when the "User identity API" was added to the app; without it `/me` answers 401 or 403 (seen).
 * - The e-mail may be missing, by the person's own privacy settings; `email_verified` is there sometimes.
 * - Only the owner of the app can sign in until "Distribution" is set to sharing.
 * - Which sites somebody may see is told as far as they granted them, and only when the app asks for a product's scope.
 *   A list without any site therefore tells nothing.
 * - PKCE is not documented; it is sent and, as far as seen, accepted. A wrong secret is told as `access_denied` (seen).
 */
export function atlassian<const Id extends string = "atlassian", Keeps extends boolean = false>(
  options: AtlassianOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function atlassian(options: AtlassianOptions): ProviderDefinition {
  const { id = "atlassian", name = "Atlassian", scopes = ["read:me"], baseUrl } = options;
  const { productScopes = ["read:jira-user"] } = options;
  const own = baseUrl?.replace(/\/+$/, "");
  const auth = own ?? "https://auth.atlassian.com";
  const api = own ?? "https://api.atlassian.com";
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: auth,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      endpoints: { authorization: `${auth}/authorize`, token: `${auth}/oauth/token` },
      scopes,
      parameters: { audience: "api.atlassian.com", prompt: "consent" },
      identity: [{ as: "me", url: `${api}/me`, read: { failure: missingApi } }],
      profile,
      restrict,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret scopes productScopes trustEmail baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkScopes(scopes),
          inProductScopes(productScopes),
          ...(baseUrl === undefined ? [] : [checkEndpoint("baseUrl", baseUrl)]),
        ),
      namedHosts: () => (own === undefined ? [] : hostsOf(own)),
    }),
    read: { ...STANDARD_READ, errorNames: { access_denied: "invalid_client" } },
    membership: {
      site: {
        example: "acme.atlassian.net",
        scopes: productScopes,
        request: () => ({ url: `${api}/oauth/token/accessible-resources` }),
        read: { failure: noSites },
        groups: sitesIn,
        matches: (site, wanted) => site === hostOf(wanted),
      },
    },
    api: { baseUrl: api },
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: true },
      revoke: null,
      endSession: null,
    },
    guide: GUIDE,
  };
}

function inProductScopes(scopes: readonly string[]): Check {
  return () =>
    checkScopes(scopes)().map((found) => ({ ...found, path: found.path.replace("scopes", "productScopes") }));
}

function missingApi(_body: unknown, status: number): ToldFailure | null {
  return status === 401 || status === 403 ? { kind: "app_not_ready", code: String(status) } : null;
}

function profile({ answers }: Sources): Profile {
  const me = asObject(answers.me) ?? {};
  return {
    subject: me.account_id,
    handle: me.nickname,
    name: me.name,
    email: me.email,
    emailVerified: verified(me.email_verified),
    picture: me.picture,
    claims: me,
  };
}

function restrict({ answers }: Sources): string | null {
  const status = at(answers.me, "account_status");
  return status === undefined || status === "active" ? null : "account_inactive";
}

function noSites(body: unknown): ToldFailure | null {
  return Array.isArray(body) && body.length > 0 ? null : { kind: "app_not_ready", code: "no_sites" };
}

/** Sites by cloud id and by host name. */
function sitesIn(body: unknown): readonly string[] {
  const sites = Array.isArray(body) ? body : [];
  return sites
    .flatMap((site) => [at(site, "id"), URL.parse(String(at(site, "url")))?.host])
    .filter((name) => typeof name === "string");
}

function hostOf(wanted: string): string {
  return wanted
    .replace(/^https:\/\//, "")
    .replace(/\/+$/, "")
    .toLowerCase();
}

const GUIDE: SetupGuide = {
  register: "https://developer.atlassian.com/console/myapps/",
  redirectRules: ["exact", "single_uri"],
  advice: {
    client_invalid: {
      en: "The client secret is wrong or was renewed. Copy it again from Settings of the app.",
      "zh-CN": "客户端密钥不正确或已更换，请从应用的 Settings 页重新复制。",
    },
    app_not_ready: {
      en: "Add “User identity API” with read:me to the app under Permissions. People must consent again afterwards.",
      "zh-CN": "请在应用的 Permissions 中添加“User identity API”并勾选 read:me，之后需重新授权。",
    },
    no_sites: {
      en: "No site was granted. Add a product's API to the app, set productScopes to one of its scopes, and sign in again.",
      "zh-CN": "没有授权任何站点。请为应用添加产品 API，把 productScopes 设为其中一个权限后重新登录。",
    },
    account_inactive: {
      en: "The Atlassian account is closed or suspended.",
      "zh-CN": "该 Atlassian 账号已停用。",
    },
    redirect_mismatch: {
      en: "The app has one callback URL, under Authorization. It must be this one, letter by letter.",
      "zh-CN": "应用只有一个回调地址（Authorization 页），必须与此处一字不差。",
    },
  },
  facts: { subject: "account_id", emailVerified: "sometimes" },
};
