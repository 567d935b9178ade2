import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { MembershipCheck, SetupGuide } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { checkCredentials, checkId, checkName, checkScopes, findProblems } from "./internal/problems.ts";
import { DIGITS } from "./internal/subject-shapes.ts";
import type { LocalizedName } from "./provider.ts";

export interface GiteeOptions {
  /** Default `gitee`. */
  readonly id?: string | undefined;
  /** Default `Gitee`. */
  readonly name?: string | LocalizedName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Default `user_info` and `emails`. Each must be ticked on the application. */
  readonly scopes?: readonly string[] | undefined;
  /** Default `S256`. `off` if the server refuses it. */
  readonly pkce?: "S256" | "off" | undefined;
  /** Default false. True: an e-mail counts as verified unless Gitee says that it is not confirmed. */
  readonly trustEmail?: boolean | undefined;
  /** An enterprise edition of your own: `https://gitee.example.com`. Default `https://gitee.com`. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** Two branches that come together. */
const MARK =
  "M6 2a3 3 0 0 1 1.2 5.7c.3 2 1.9 3 4.8 3s4.5-1 4.8-3A3 3 0 1 1 19.2 7.6c-.3 3.2-2.3 5.2-6 5.5v3.2a3 3 0 1 1-2.4 0v-3.2c-3.7-.3-5.7-2.3-6-5.5A3 3 0 0 1 6 2Z";
const WHERE = "Gitee → 设置 → 第三方应用 → 我的应用 → your app.";

/**
 * Gitee: gitee.com and enterprise editions.
 *
 * - No ID token: who it is comes from `/api/v5/user`. The key is the numeric id; login names can be changed.
 * - `email` of the user may be empty or masked, so only the list of addresses counts: the primary one, verified when it
 *   is `confirmed`.
 * - A request without a `User-Agent` is seen to be refused with 403; Postern always sends one.
 * - Whether PKCE is looked at is not documented; it is sent, and `pkce: "off"` leaves it out.
 * - Seen, not documented: `access_denied` for a change of mind, and the scopes of the two memberships.
 */
export function gitee<const Id extends string = "gitee", Keeps extends boolean = false>(
  options: GiteeOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function gitee(options: GiteeOptions): ProviderDefinition {
  const { id = "gitee", name = "Gitee", scopes = ["user_info", "emails"], baseUrl } = options;
  const base = trimSlashes(baseUrl ?? "https://gitee.com");
  const api = `${base}/api/v5`;
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: base,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      endpoints: { authorization: `${base}/oauth/authorize`, token: `${base}/oauth/token` },
      scopes,
      pkce: options.pkce ?? "S256",
      identity: [
        { as: "user", url: `${api}/user` },
        // Without the scope `emails` it is refused; people can then still be let in by their id.
        { as: "emails", url: `${api}/emails`, optional: true },
      ],
      profile,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret scopes pkce trustEmail baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkScopes(scopes),
          checkAddresses({ baseUrl }),
        ),
      namedHosts: () => givenHosts({ baseUrl }),
    }),
    membership: {
      organization: listed(`${api}/user/orgs`, "groups", "acme"),
      enterprise: listed(`${api}/user/enterprises`, "enterprises", "acme-corp"),
    },
    subjectShape: DIGITS,
    api: { baseUrl: api },
    lifecycle: { refresh: { rotates: "unknown" }, revoke: null, endSession: null },
    guide: GUIDE,
  };
}

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  return {
    subject: user.id,
    handle: user.login,
    name: user.name,
    ...primaryEmail(answers.emails),
    picture: user.avatar_url,
    claims: user,
  };
}

function primaryEmail(emails: unknown): Pick<Profile, "email" | "emailVerified"> {
  const primary = (Array.isArray(emails) ? emails : []).find((entry) => {
    const uses = at(entry, "scope");
    return Array.isArray(uses) && uses.includes("primary");
  });
  if (primary === undefined) return {};
  return { email: at(primary, "email"), emailVerified: at(primary, "state") === "confirmed" };
}

/** By the path that stands in its address. Names are not asked: anybody can call theirs the same. */
function listed(url: string, scope: string, example: string): MembershipCheck {
  return {
    example,
    scopes: [scope],
    request: () => ({ url }),
    groups: (body) =>
      (Array.isArray(body) ? body : [])
        .map((entry) => at(entry, "path") ?? at(entry, "login"))
        .filter((group) => typeof group === "string"),
    paging: { pageParameter: "page", sizeParameter: "per_page", size: 100 },
  };
}

const GUIDE: SetupGuide = {
  register: "https://gitee.com/oauth/applications",
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The client id or the secret is wrong. Copy both again from the application's page.",
      "zh-CN": "Client ID 或 Client Secret 不正确，请从应用页面重新复制。",
    },
    code_invalid: {
      en: "The code was used before or has expired, or our callback address is not the application's 应用回调地址.",
      "zh-CN": "授权码已被使用或已过期，或回调地址与“应用回调地址”不一致。",
    },
    invalid_scope: {
      en: "A scope is not ticked on the application (权限). A rule on an organization needs groups, one on an enterprise needs enterprises.",
      "zh-CN": "应用未勾选所需权限。按组织授权需要 groups，按企业授权需要 enterprises。",
    },
    email_unverified: {
      en: "The person's primary address is not confirmed at Gitee, or the application lacks the permission emails.",
      "zh-CN": "该用户在 Gitee 的主邮箱未验证，或应用缺少 emails 权限。",
    },
  },
  facts: { subject: "id", emailVerified: "yes" },
};
