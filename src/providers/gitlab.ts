import type { ProviderDefinition, Remembered } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
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

export interface GitlabOptions {
  /** Default `gitlab`. */
  readonly id?: string | undefined;
  /** Default `GitLab`. */
  readonly name?: string | LocalizedName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** A server of your own, exactly as its `external_url`. Default `https://gitlab.com`. */
  readonly baseUrl?: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. Each must be ticked on the application. */
  readonly scopes?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless GitLab says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A folded sheet with two peaks. */
const MARK = "M5 3 2 13l10 8 10-8-3-10-3.5 7h-7L5 3Zm4.5 10h5L12 17.5 9.5 13Z";
const WHERE = "GitLab → the application's page (user settings, group or admin area → Applications).";

const GUIDE: SetupGuide = {
  register: "https://gitlab.com/-/user_settings/applications",
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "GitLab refuses the client secret. Renew it on the application's page and set it here.",
      "zh-CN": "GitLab 拒绝了客户端密钥。请在应用页面续订密钥并更新配置。",
    },
    invalid_scope: {
      en: "A scope is not ticked on the application: it needs openid, profile and email.",
      "zh-CN": "应用没有勾选所需的 scope：需要 openid、profile 和 email。",
    },
    issuer_mismatch: {
      en: "baseUrl must be the server's external_url, exactly, with its path.",
      "zh-CN": "baseUrl 必须与服务器的 external_url 完全一致，包括路径。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};

/**
 * GitLab: gitlab.com and servers of your own.
 *
 * - The issuer is the server's `external_url`, with its path when it lives under one.
 * - The ID token tells little more than `sub` and the e-mail; name, picture and all groups are only in userinfo, so
 *   that is always asked.
 * - A scope that is not ticked on the application makes GitLab refuse the whole request.
 */
export function gitlab<const Id extends string = "gitlab", Keeps extends boolean = false>(
  options: GitlabOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function gitlab(options: GitlabOptions): ProviderDefinition {
  const { id = "gitlab", name = "GitLab", baseUrl } = options;
  const plain = oidcDefinition({
    id,
    name,
    mark: MARK,
    issuer: baseUrl === undefined ? "https://gitlab.com" : baseUrl.replace(/\/+$/, ""),
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clientAuthentication: "client_secret_post",
    scopes: options.scopes,
    userInfo: "always",
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    problems: () =>
      findProblems(
        checkOptionNames(options, "clientSecret baseUrl scopes trustEmail"),
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        checkBaseUrl(baseUrl),
        checkScopes(options.scopes),
      ),
  });
  const definition: ProviderDefinition = {
    ...plain,
    membership: {
      group: {
        ...claimMembership("acme/ops", "groups"),
        // Who belongs to a subgroup belongs to the groups above it.
        matches: (group, wanted) => group === wanted || group.startsWith(`${wanted}/`),
      },
    },
    subjectShape: DIGITS,
    api: { baseUrl: `${plain.issuer}/api/v4` },
    lifecycle: { refresh: { rotates: true, redirectUri: true }, revoke: "rfc7009", endSession: null },
    guide: GUIDE,
  };
  // Only a server of your own may be private.
  return baseUrl === undefined ? { ...definition, namedHosts: () => [] } : definition;
}

function checkBaseUrl(baseUrl: string | undefined): Check {
  return () => {
    if (baseUrl === undefined) return [];
    const extra = /\/(api\/v4|oauth(\/\w+)?|\.well-known\/.*)\/*$/.exec(baseUrl)?.[0];
    if (extra === undefined) return checkEndpoint("baseUrl", baseUrl)();
    return [problem("baseUrl", "is more than the server's address", `Leave out "${extra}".`)];
  };
}
