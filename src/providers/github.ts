import { asObject } from "../oauth/json.ts";
import { OAuthFailure } from "../oauth/oauth-failure.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { LifecycleHook, MembershipCheck, SetupGuide } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { given, keepSecret, localized, STANDARD_READ, standardCallback } from "./internal/defaults.ts";
import { hostsOf } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import { DIGITS } from "./internal/subject-shapes.ts";
import type { LocalizedName } from "./provider.ts";

export interface GithubOptions {
  /** Default `github`. */
  readonly id?: string | undefined;
  /** Default `GitHub`. */
  readonly name?: string | LocalizedName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** GitHub Enterprise Server: `https://github.example.com`. Default `https://github.com`. */
  readonly baseUrl?: string | undefined;
  /** Default `read:user` and `user:email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Default true: people without an account may make one on the way. */
  readonly allowSignup?: boolean | undefined;
  /** Default false. True: an e-mail counts as verified unless GitHub says that it is not. Only for a server of your own. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

const CLOUD = "https://github.com";
/** A branch that leaves its trunk and comes back. */
const MARK =
  "M7 2a3 3 0 0 0-1.5 5.6v8.8a3 3 0 1 0 3 0V14H14a4.5 4.5 0 0 0 4.5-4.5V7.6a3 3 0 1 0-3 0v1.9A1.5 1.5 0 0 1 14 11H8.5V7.6A3 3 0 0 0 7 2Z";
const WHERE = "GitHub → Settings → Developer settings → OAuth Apps → your app.";

/**
 * GitHub: github.com, GitHub Enterprise Server and GitHub Enterprise Cloud with data residency.
 *
 * - No ID token: who it is comes from `/user`. The key is the numeric id; the login name can be given to somebody else.
 * - `email` of `/user` is the public one and often empty; the primary verified one is in `/user/emails`.
 * - The token endpoint tells of errors with status 200, in words of its own, and answers JSON only when asked to.
 * - The callback may carry `iss` = `{baseUrl}/login/oauth`; it came, went and came back in 2026. It is compared when
 *   it is there.
 * - PKCE works on github.com since 2025; older Enterprise Servers ignore it.
 * - An organisation that restricts third-party applications answers 403 until an owner approves the application, and
 *   its teams are simply not listed: a missing team is "no", and lets nobody in.
 */
export function github<const Id extends string = "github", Keeps extends boolean = false>(
  options: GithubOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function github(options: GithubOptions): ProviderDefinition {
  const { id = "github", name = "GitHub", scopes = ["read:user", "user:email"] } = options;
  const base = (options.baseUrl ?? CLOUD).replace(/\/+$/, "");
  const api = apiOf(base);
  const issuer = `${base}/login/oauth`;
  const headers = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
  return {
    id,
    kind: "oauth2",
    name: localized(name),
    mark: MARK,
    clientId: given(options.clientId),
    clientSecret: keepSecret(options.clientSecret),
    issuer,
    idTokenIssuers: [],
    endpoints: { authorization: `${issuer}/authorize`, token: `${issuer}/access_token` },
    authorize: {
      scopes,
      scopeSeparator: " ",
      parameters: options.allowSignup === false ? { allow_signup: "false" } : {},
    },
    checks: { pkce: "S256", idTokenAlgorithms: [] },
    callback: standardCallback([issuer]),
    clientAuthentication: "client_secret_post",
    exchange: { headers: {}, parameters: {} },
    read: {
      ...STANDARD_READ,
      errorNames: {
        bad_verification_code: "invalid_grant",
        bad_refresh_token: "invalid_grant",
        incorrect_client_credentials: "invalid_client",
      },
    },
    userInfo: "never",
    identity: [
      { as: "user", url: `${api}/user`, headers, optional: false },
      // Without the scope `user:email` it is refused; people can then still be let in by their id.
      { as: "emails", url: `${api}/user/emails`, headers, optional: true },
    ],
    profile,
    restrict: () => null,
    trustEmail: options.trustEmail ?? false,
    keepTokens: options.keepTokens ?? false,
    membership: membershipAt(api, headers),
    subjectShape: DIGITS,
    api: { baseUrl: api, headers },
    // Tokens of OAuth Apps never end; those of GitHub Apps do, and bring a refresh token that is used once.
    lifecycle: { refresh: { rotates: true }, revoke: revokeAt(api), endSession: null },
    guide: GUIDE,
    redirectOrigins: [],
    problems: () =>
      findProblems(
        checkOptionNames(options, "clientSecret baseUrl scopes allowSignup trustEmail"),
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        checkClientId(options.clientId),
        checkBaseUrl(options.baseUrl),
        checkScopes(scopes),
      ),
    namedHosts: () => (options.baseUrl === undefined ? [] : hostsOf(base, api)),
  };
}

function apiOf(base: string): string {
  if (base === CLOUD) return "https://api.github.com";
  const tenant = /^https:\/\/([a-z0-9-]+\.ghe\.com)$/i.exec(base)?.[1];
  return tenant === undefined ? `${base}/api/v3` : `https://api.${tenant}`;
}

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  return {
    subject: user.id,
    handle: user.login,
    name: user.name,
    ...chooseEmail(answers.emails, user.email),
    picture: user.avatar_url,
    claims: user,
  };
}

function membershipAt(
  api: string,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, MembershipCheck>> {
  // Logins and slugs ignore case.
  const matches = (group: string, wanted: string) => group.toLowerCase() === wanted.toLowerCase();
  return {
    organization: {
      example: "acme",
      scopes: ["read:org"],
      request: (_context, wanted) => ({
        url: `${api}/user/memberships/orgs/${encodeURIComponent(wanted)}`,
        headers,
      }),
      noStatuses: [404],
      // Somebody who is only invited is `pending`.
      groups: (body, wanted) => (at(body, "state") === "active" ? [wanted] : []),
    },
    team: {
      example: "acme/ops",
      scopes: ["read:org"],
      request: () => ({ url: `${api}/user/teams`, headers, query: { per_page: "100" } }),
      groups: teamsIn,
      paging: "link",
      matches,
    },
  };
}

function teamsIn(body: unknown): readonly string[] {
  // Anything but a list is no page of teams, so it must not read as "none".
  if (!Array.isArray(body)) throw new OAuthFailure("provider_untrusted", "answer_malformed");
  return body.map((team) => `${at(team, "organization.login")}/${at(team, "slug")}`);
}

function revokeAt(api: string): LifecycleHook["revoke"] {
  return ({ clientId, clientSecret }, token) => ({
    method: "DELETE",
    url: `${api}/applications/${encodeURIComponent(clientId)}/token`,
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret() ?? ""}`).toString("base64")}`,
    },
    body: { json: { access_token: token } },
  });
}

const GUIDE: SetupGuide = {
  register: "https://github.com/settings/developers",
  redirectRules: ["sub_path_ok", "single_uri"],
  advice: {
    client_invalid: {
      en: "GitHub refuses the client secret. Generate a new one on the OAuth App's page and set it here.",
      "zh-CN": "GitHub 拒绝了客户端密钥。请在 OAuth App 页面生成新的密钥并更新配置。",
    },
    redirect_mismatch: {
      en: "The callback address is not that of the OAuth App. Host and port must be the same, the path may lie below it.",
      "zh-CN": "回调地址与 OAuth App 中登记的不符：主机和端口必须相同，路径可以在其下级。",
    },
    application_suspended: {
      en: "GitHub has suspended the OAuth App. Its owner finds the reason in their e-mail.",
      "zh-CN": "GitHub 已停用该 OAuth App，原因请其所有者查看邮件。",
    },
    unverified_user_email: {
      en: "The person must confirm their primary e-mail address at GitHub first.",
      "zh-CN": "该用户需要先在 GitHub 验证主邮箱。",
    },
  },
  facts: { subject: "id", emailVerified: "yes" },
};

function chooseEmail(emails: unknown, publicEmail: unknown): Pick<Profile, "email" | "emailVerified"> {
  const listed = Array.isArray(emails) ? emails.map(asObject) : [];
  const primary = listed.find((entry) => entry?.primary === true);
  if (primary === undefined || primary === null) return { email: publicEmail, emailVerified: null };
  return { email: primary.email, emailVerified: primary.verified === true };
}

function checkClientId(clientId: string | undefined): Check {
  return () =>
    /^\d+$/.test(given(clientId))
      ? [
          problem(
            "clientId",
            "is a number: it looks like the App ID",
            "Give the Client ID from the same page.",
          ),
        ]
      : [];
}

function checkBaseUrl(baseUrl: string | undefined): Check {
  return () => {
    if (baseUrl === undefined) return [];
    if (/\/api(\/v3)?\/*$/.test(baseUrl)) {
      return [problem("baseUrl", "is the address of the API", 'Leave out "/api/v3".')];
    }
    return checkEndpoint("baseUrl", baseUrl)();
  };
}
