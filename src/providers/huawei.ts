import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, ReadHook, Remembered, Sources } from "./definition.ts";
import type { SetupGuide, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkDigits } from "./internal/check-digits.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { ROUND_TRIP } from "./internal/freshness.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import { oidcProfile } from "./internal/oidc-profile.ts";
import { checkCredentials, checkId, checkName, checkScopes, findProblems } from "./internal/problems.ts";
import { verified } from "./internal/verified.ts";
import type { LocalizedName } from "./provider.ts";

export interface HuaweiOptions {
  /** Default `huawei`. */
  readonly id?: string | undefined;
  /** Default `Huawei` / `华为`. */
  readonly name?: string | LocalizedName | undefined;
  /** "Client ID" of the OAuth 2.0 client, a number. */
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless Huawei says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** As ID tokens name it. Default `https://accounts.huawei.com`. */
  readonly issuer?: string | undefined;
  /** Where people sign in and codes are exchanged. Default `https://oauth-login.cloud.huawei.com`. */
  readonly baseUrl?: string | undefined;
  /** Where the profile is asked. Default `https://account.cloud.huawei.com`. */
  readonly apiUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

const NAME = { en: "Huawei", "zh-CN": "华为" };
/** A handset. */
const MARK =
  "M7 2h10a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V4c0-1.1.9-2 2-2Zm.5 3v11h9V5h-9Zm4.5 12.5a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4Z";
const WHERE = "AppGallery Connect → your project → 项目设置 → 常规 → OAuth 2.0 客户端 ID (凭据).";

/**
 * HUAWEI ID.
 *
 * - The issuer is on another host than the discovery document, the token endpoint and the profile.
 * - ID tokens are signed by RS256 or PS256. `sub` is the UnionID: one for all applications of a developer.
 * - There is no userinfo endpoint. Where the ID token lacks a name, `rest.php` is asked for it; that tells failures with
 *   status 200, and refusing costs only the name. The display name may be a masked telephone number.
 * - Token errors are numbers with a second number: `{"error":1101,"sub_error":12304}`, kept as `1101.12304`.
 * - That a change of mind comes back as 1107 or as `access_denied` is seen, not documented.
 * - It knows neither `max_age` nor `auth_time`: a step-up can see no more than that people have been there and back.
 */
export function huawei<const Id extends string = "huawei", Keeps extends boolean = false>(
  options: HuaweiOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function huawei(options: HuaweiOptions): ProviderDefinition {
  const { id = "huawei", name = NAME, issuer, baseUrl, apiUrl } = options;
  const base = trimSlashes(baseUrl ?? "https://oauth-login.cloud.huawei.com");
  const api = trimSlashes(apiUrl ?? "https://account.cloud.huawei.com");
  const definition = oidcDefinition({
    id,
    name,
    mark: MARK,
    issuer: issuer ?? "https://accounts.huawei.com",
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clientAuthentication: "client_secret_post",
    scopes: options.scopes,
    idTokenAlgorithms: ["RS256", "PS256"],
    userInfo: "never",
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    // Whoever is not signed in at Huawei does so at another of its hosts.
    redirectOrigins: baseUrl === undefined ? ["https://id1.cloud.huawei.com"] : [],
    problems: () =>
      findProblems(
        checkOptionNames(options, "clientSecret scopes trustEmail issuer baseUrl apiUrl"),
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        ...(baseUrl === undefined ? [checkDigits("clientId", options.clientId, WHERE)] : []),
        checkScopes(options.scopes),
        checkAddresses({ issuer, baseUrl, apiUrl }),
      ),
  });
  return {
    ...definition,
    freshness: ROUND_TRIP,
    discoveryUrl: `${base}/.well-known/openid-configuration`,
    endpoints: { userInfo: null },
    callback: { ...definition.callback, cancelled },
    read: READ,
    identity: [
      {
        as: "profile",
        request: () => ({
          method: "POST",
          url: `${api}/rest.php`,
          body: { form: { nsp_svc: "GOpen.User.getInfo", getNickName: "1" } },
        }),
        when: ({ idToken }) => nameIn(idToken) === undefined,
        placement: { in: { form: "access_token" } },
        read: { codec: "json", failure: restFailure },
        optional: true,
      },
    ],
    profile,
    lifecycle: {
      refresh: { parameters: { access_type: "offline" }, rotates: "unknown" },
      revoke: "rfc7009",
      endSession: null,
    },
    guide: GUIDE,
    namedHosts: () => givenHosts({ issuer, baseUrl, apiUrl }),
  };
}

function cancelled(parameters: URLSearchParams): boolean {
  return ["access_denied", "1107"].includes(parameters.get("error") ?? "");
}

const READ: ReadHook = {
  codec: "json",
  error: (body) => (typeof body.error === "number" ? numbers(body) : STANDARD_READ.error(body)),
  errorNames: { "1101.12304": "invalid_client" },
};

function numbers({ error, sub_error: second }: Readonly<Record<string, unknown>>): string {
  return second === undefined ? String(error) : `${error}.${second}`;
}

function restFailure(body: unknown): ToldFailure | null {
  const code = at(body, "NSP_STATUS") ?? at(body, "error");
  return code === undefined ? null : { kind: "app_not_ready", code: String(code) };
}

function nameIn(idToken: Sources["idToken"]): unknown {
  return idToken?.display_name ?? idToken?.name;
}

function profile(sources: Sources): Profile {
  const asked = asObject(sources.answers.profile);
  const { email_verified: told } = sources.idToken ?? {};
  return {
    ...oidcProfile(sources),
    handle: undefined,
    name: nameIn(sources.idToken) ?? asked?.displayName,
    emailVerified: verified(told),
    picture: sources.idToken?.picture ?? asked?.headPictureURL,
  };
}

const GUIDE: SetupGuide = {
  register: "https://developer.huawei.com/consumer/cn/service/josp/agc/index.html",
  redirectRules: ["https_only", "exact"],
  advice: {
    "1101.12304": {
      en: "The client secret is wrong. Copy it again from the OAuth 2.0 client of the project.",
      "zh-CN": "Client Secret 不正确，请从项目的 OAuth 2.0 客户端重新复制。",
    },
    client_invalid: {
      en: "The client id or the secret is wrong. Both are those of the OAuth 2.0 client, not of the app.",
      "zh-CN": "Client ID 或 Client Secret 不正确。应使用 OAuth 2.0 客户端的凭据，而不是应用的。",
    },
    redirect_mismatch: {
      en: "Our callback address must be registered with the client (回调地址), letter for letter and with https.",
      "zh-CN": "回调地址必须在客户端中登记，逐字一致且为 https。",
    },
    refused: {
      en: "Huawei refused the code. Its two numbers are in the audit log; a code works once and only for a short time.",
      "zh-CN": "华为拒绝了授权码，两段错误码见审计日志。授权码只能使用一次，且有效期很短。",
    },
    issuer_mismatch: {
      en: "Accounts of another data site have another issuer. Set issuer and baseUrl for that site.",
      "zh-CN": "其他数据站点的签发者不同，请为该站点设置 issuer 和 baseUrl。",
    },
  },
  facts: { subject: "sub (UnionID)", emailVerified: "yes" },
};
