import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { MembershipCheck, SetupGuide } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { trimSlashes } from "./internal/base-url.ts";
import { checkNotDiscovery } from "./internal/check-not-discovery.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { given } from "./internal/defaults.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import { oidcProfile } from "./internal/oidc-profile.ts";
import {
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  checkScopes,
  findProblems,
} from "./internal/problems.ts";
import { DIGITS } from "./internal/subject-shapes.ts";
import type { LocalizedName } from "./provider.ts";

export interface GiteaOptions {
  /** Default `gitea`. */
  readonly id?: string | undefined;
  /** Default `Gitea`. */
  readonly name?: string | LocalizedName | undefined;
  /** Your server, as `ROOT_URL` in its `app.ini`: `https://git.example.com`. */
  readonly baseUrl: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Beside `openid`. Default `profile`, `email` and `read:user`. */
  readonly scopes?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified, because accounts of this server are not made by strangers. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A cup that steams. */
const MARK =
  "M4 8h13v2h1.5a3.5 3.5 0 0 1 0 7H16a5 5 0 0 1-5 4H9a5 5 0 0 1-5-5ZM17 12v3h1.5a1.5 1.5 0 0 0 0-3ZM8 3h2v3H8ZM12 3h2v3h-2Z";
const WHERE = "Your server → Settings → Applications (of a person, an organisation or the site).";

/**
 * Gitea.
 *
 * - The issuer is `ROOT_URL` with a slash at its end.
 * - With the scopes of OpenID alone, the access token may do everything through the API; `read:user` narrows it.
 * - `email_verified` tells that the account is active, and where mails are not confirmed every account is. So it counts
 *   for nothing, unless `trustEmail` says that accounts can be believed.
 * - `groups` holds organisations and `organisation:team`, the team in lower case. Somebody who is in none has no such
 *   claim, so the API is asked then.
 * - There is no sign-out and no revocation.
 */
export function gitea<const Id extends string = "gitea", Keeps extends boolean = false>(
  options: GiteaOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function gitea(options: GiteaOptions): ProviderDefinition {
  const { id = "gitea", name = "Gitea", baseUrl, scopes = ["profile", "email", "read:user"] } = options;
  const base = trimSlashes(given(baseUrl));
  return {
    ...oidcDefinition({
      ...options,
      id,
      name,
      scopes,
      mark: MARK,
      issuer: `${base}/`,
      problems: () =>
        findProblems(
          checkOptionNames(options, "baseUrl clientSecret scopes trustEmail"),
          checkId(id),
          checkName(name),
          checkEndpoint("baseUrl", baseUrl),
          checkNotDiscovery("baseUrl", baseUrl),
          checkCredentials(options, WHERE),
          checkScopes(scopes),
        ),
    }),
    profile,
    membership: {
      organization: membershipCheck("acme", `${base}/api/v1/user/orgs`, organizationOf),
      team: membershipCheck("acme/ops", `${base}/api/v1/user/teams`, teamOf),
    },
    subjectShape: DIGITS,
    api: { baseUrl: `${base}/api/v1` },
    lifecycle: { refresh: { rotates: "unknown" }, revoke: null, endSession: null },
    guide: GUIDE,
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    issuer_mismatch: {
      en: "baseUrl and ROOT_URL in app.ini differ. ROOT_URL must be the address that people type.",
      "zh-CN": "baseUrl 与 app.ini 中的 ROOT_URL 不一致。ROOT_URL 应为用户实际访问的地址。",
    },
    no_usable_algorithm: {
      en: "The server signs with a shared secret. Set JWT_SIGNING_ALGORITHM = RS256 under [oauth2] in app.ini.",
      "zh-CN": "服务器使用共享密钥签名。请在 app.ini 的 [oauth2] 中设置 JWT_SIGNING_ALGORITHM = RS256。",
    },
    client_invalid: {
      en: "The client secret is wrong. It is shown only once: make a new one on the application's page.",
      "zh-CN": "客户端密钥不正确。密钥只显示一次，请在应用页面重新生成。",
    },
    redirect_mismatch: {
      en: "Write the callback address, word for word, into the application's redirect URIs.",
      "zh-CN": "请把回调地址原样填入应用的重定向 URI。",
    },
  },
  facts: { subject: "sub", emailVerified: "no" },
};

function profile(sources: Sources): Profile {
  const standard = oidcProfile(sources);
  return { ...standard, emailVerified: standard.emailVerified === false ? false : null };
}

/** The claim tells first; the pages of the API when it is missing. Names are compared without regard to case. */
function membershipCheck(example: string, url: string, read: (entry: unknown) => unknown): MembershipCheck {
  const isTeam = example.includes("/");
  return {
    example,
    scopes: ["groups", "read:organization"],
    fromSources: ({ idToken, userInfo }) => {
      const claim = idToken?.groups ?? userInfo?.groups;
      if (!Array.isArray(claim)) return null;
      const names = claim.filter((group) => typeof group === "string");
      return names.filter((group) => group.includes(":") === isTeam).map((group) => group.replace(":", "/"));
    },
    request: () => ({ url, query: { limit: "50" } }),
    groups: (body) =>
      Array.isArray(body) ? body.map(read).filter((group) => typeof group === "string") : [],
    paging: "link",
    matches: (group, wanted) => group.toLowerCase() === wanted.toLowerCase(),
  };
}

function organizationOf(entry: unknown): unknown {
  const organization = asObject(entry);
  return organization?.username ?? organization?.name;
}

function teamOf(entry: unknown): unknown {
  const organization = organizationOf(at(entry, "organization"));
  const team = at(entry, "name");
  return typeof organization === "string" && typeof team === "string" ? `${organization}/${team}` : null;
}
