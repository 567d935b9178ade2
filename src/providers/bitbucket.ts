import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { MembershipCheck, SetupGuide } from "./hooks.ts";
import { pageNamedBy } from "./internal/api-pages.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { checkCredentials, checkId, checkName, checkScopes, findProblems } from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface BitbucketOptions {
  /** Default `bitbucket`. */
  readonly id?: string | undefined;
  /** Default `Bitbucket`. */
  readonly name?: string | LocalizedName | undefined;
  /** The consumer's "Key". */
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Default `account` and `email`. The consumer's ticked permissions decide what is really granted. */
  readonly scopes?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless Bitbucket says that it is not confirmed. */
  readonly trustEmail?: boolean | undefined;
  /** Where people sign in and codes are exchanged; for tests. Default `https://bitbucket.org`. */
  readonly baseUrl?: string | undefined;
  /** Where the API is; for tests. Default `https://api.bitbucket.org`. */
  readonly apiUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A bucket with its handle. */
const MARK =
  "M4 7h16l-2.4 13.2a1 1 0 0 1-1 .8H7.4a1 1 0 0 1-1-.8L4 7Zm3 0a5 5 0 0 1 10 0h-2a3 3 0 0 0-6 0H7Zm1.2 4 1.2 7h5.2l1.2-7H8.2Z";
const WHERE = "Bitbucket → the workspace's Settings → OAuth consumers → your consumer.";

/**
 * Bitbucket Cloud. (Bitbucket Data Center is another product with other endpoints; an Atlassian account is another door.)
 *
 * - No ID token: who it is comes from `/2.0/user`. The key is `uuid`, braces and all: user names change hands.
 * - No PKCE is documented, and the consumer proves itself with HTTP Basic.
 * - Addresses are in a list of their own, which the consumer must have the permission "Email" for. Only the primary
 *   one is taken, and it is verified when it is confirmed.
 * - Workspaces come in pages, with the address of the next one in the body.
 * - The granted scopes are called `scopes` in the token answer.
 * - Seen, not documented: errors as JSON with status 400 in the words of RFC 6749, `access_denied` for a change of mind.
 */
export function bitbucket<const Id extends string = "bitbucket", Keeps extends boolean = false>(
  options: BitbucketOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function bitbucket(options: BitbucketOptions): ProviderDefinition {
  const { id = "bitbucket", name = "Bitbucket", scopes = ["account", "email"] } = options;
  const addresses = { baseUrl: options.baseUrl, apiUrl: options.apiUrl };
  const base = trimSlashes(options.baseUrl ?? "https://bitbucket.org");
  const api = trimSlashes(options.apiUrl ?? "https://api.bitbucket.org");
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: base,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      clientAuthentication: "client_secret_basic",
      endpoints: {
        authorization: `${base}/site/oauth2/authorize`,
        token: `${base}/site/oauth2/access_token`,
      },
      scopes,
      pkce: "off",
      identity: [
        { as: "user", url: `${api}/2.0/user` },
        // Without the permission "Email" it is refused; people can then still be let in by their id.
        { as: "emails", url: `${api}/2.0/user/emails?pagelen=100`, optional: true },
      ],
      profile,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret scopes trustEmail baseUrl apiUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkScopes(scopes),
          checkAddresses(addresses),
        ),
      namedHosts: () => givenHosts(addresses),
    }),
    tokenFields: { scope: "scopes" },
    membership: { workspace: inWorkspace(api), workspacePermission: permissionIn(api) },
    api: { baseUrl: `${api}/2.0`, paging: pageNamedBy("next") },
    lifecycle: { refresh: { rotates: "unknown" }, revoke: null, endSession: null },
    guide: GUIDE,
  };
}

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  return {
    subject: user.uuid,
    handle: user.nickname,
    name: user.display_name,
    ...primaryEmail(answers.emails),
    picture: at(user, "links.avatar.href"),
    claims: user,
  };
}

function primaryEmail(answer: unknown): Pick<Profile, "email" | "emailVerified"> {
  const primary = valuesOf(answer).find((entry) => at(entry, "is_primary") === true);
  if (primary === undefined) return {};
  return { email: at(primary, "email"), emailVerified: at(primary, "is_confirmed") === true };
}

function valuesOf(answer: unknown): readonly unknown[] {
  const values = at(answer, "values");
  return Array.isArray(values) ? values : [];
}

/** By slug (`acme`) or, since slugs can be changed, by uuid with its braces. */
function inWorkspace(api: string): MembershipCheck {
  const url = `${api}/2.0/user/workspaces`;
  return {
    example: "acme",
    request: () => ({ url, query: { pagelen: "100" } }),
    groups: (body) =>
      valuesOf(body)
        .flatMap((entry) => [at(entry, "workspace.slug"), at(entry, "workspace.uuid")])
        .filter((group) => typeof group === "string"),
    paging: {
      next: (body) => {
        const url = at(body, "next");
        return typeof url === "string" ? { url } : null;
      },
    },
  };
}

/** `acme/owner`, `acme/collaborator`, `acme/member`: the one permission that somebody has in a workspace. */
function permissionIn(api: string): MembershipCheck {
  return {
    example: "acme/owner",
    request: (_context, wanted) => {
      const slug = /^([^/]+)\/[a-z]+$/.exec(wanted)?.[1];
      if (slug === undefined) return null;
      return { url: `${api}/2.0/user/workspaces/${encodeURIComponent(slug)}/permission` };
    },
    noStatuses: [404],
    groups: (body, wanted) => [`${wanted.split("/")[0]}/${String(at(body, "permission"))}`],
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["single_uri", "sub_path_ok"],
  advice: {
    client_invalid: {
      en: "The key or the secret is wrong. Copy both again from the OAuth consumer.",
      "zh-CN": "Key 或 Secret 不正确，请从 OAuth consumer 页面重新复制。",
    },
    code_invalid: {
      en: "The code was used before or has expired. If it happens to everybody, look whether two instances answer the callback.",
      "zh-CN": "授权码已被使用或已过期。如果所有人都遇到，请检查是否有两个实例在处理回调。",
    },
    redirect_mismatch: {
      en: "The consumer has one callback URL, and ours must be it or begin with it. Without one nothing works.",
      "zh-CN": "一个 consumer 只有一个 Callback URL，我们的回调地址必须等于它或以它开头；未填写则无法登录。",
    },
    email_unverified: {
      en: 'Tick "Account: Email" among the consumer\'s permissions; without it Bitbucket keeps the addresses to itself.',
      "zh-CN": "请在 consumer 的权限中勾选“Account: Email”，否则 Bitbucket 不提供邮箱。",
    },
  },
  facts: { subject: "uuid", emailVerified: "yes" },
};
