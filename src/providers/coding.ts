import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { SetupGuide, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkName,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import { DIGITS } from "./internal/subject-shapes.ts";
import type { LocalizedName } from "./provider.ts";

export interface CodingOptions {
  /** Default `coding`. */
  readonly id?: string | undefined;
  /** Default `CODING`. */
  readonly name?: string | LocalizedName | undefined;
  /** The team's name in its address: `acme` of `https://acme.coding.net`. Only its people can sign in. */
  readonly team: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Default `user` and `user:email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Default a comma. */
  readonly scopeSeparator?: string | undefined;
  /** Default false. True: an e-mail counts as verified, although CODING does not tell. */
  readonly trustEmail?: boolean | undefined;
  /** One address in place of `https://{team}.coding.net`: a private deployment, or tests. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** Two angle brackets around a point. */
const MARK =
  "M8 5 2 12l6 7 2-1.7L5.5 12 10 6.7 8 5Zm8 0 6 7-6 7-2-1.7 4.5-5.3L14 6.7 16 5Zm-4 5.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z";
const WHERE = "CODING → 团队设置中心 → 开放平台 → OAuth 应用 → your app.";

/**
 * CODING DevOps.
 *
 * - Everything is under the team's own host, and that host is the restriction: nobody of another team comes from it.
 * - The token request is a GET with the secret in its query. The API wraps its answers in `{ "code": 0, "data": … }` and
 *   tells failures with status 200 and another code, at the token endpoint too.
 * - Pictures may be paths at `https://coding.net`.
 * - Nothing tells whether an e-mail was verified.
 * - No PKCE. Whether scopes are separated by commas or spaces is told differently: `scopeSeparator`.
 * - The form of a cancellation is not documented; `access_denied` is taken for one. The product is being wound down.
 */
export function coding<const Id extends string = "coding", Keeps extends boolean = false>(
  options: CodingOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function coding(options: CodingOptions): ProviderDefinition {
  const { id = "coding", name = "CODING", scopes = ["user", "user:email"], baseUrl } = options;
  const base = trimSlashes(baseUrl ?? `https://${options.team ?? ""}.coding.net`);
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: base,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      endpoints: { authorization: `${base}/oauth_authorize.html`, token: `${base}/api/oauth/access_token` },
      scopes,
      scopeSeparator: options.scopeSeparator ?? ",",
      pkce: "off",
      identity: [
        {
          as: "user",
          url: `${base}/api/account/current_user`,
          placement: { in: { query: "access_token" } },
          read: { codec: "json", failure, unwrap: (body) => at(body, "data") },
        },
      ],
      profile,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(options, "team clientSecret scopes scopeSeparator trustEmail baseUrl"),
          checkId(id),
          checkName(name),
          checkTeam(options),
          checkCredentials(options, WHERE),
          checkScopes(scopes),
          checkAddresses({ baseUrl }),
        ),
      namedHosts: () => givenHosts({ baseUrl }),
    }),
    tokenRequest: { body: "query" },
    tokenType: "optional",
    // A code is all that is known of its failures: it stands where others have a word.
    read: {
      error: (body) => STANDARD_READ.error(body) ?? failure(body)?.code ?? null,
      errorNames: {},
      codec: "json",
    },
    subjectShape: DIGITS,
    lifecycle: { refresh: { rotates: "unknown" }, revoke: null, endSession: null },
    guide: GUIDE,
  };
}

function failure(body: unknown): ToldFailure | null {
  const code = String(at(body, "code") ?? "0");
  return code === "0" ? null : { kind: "protocol", code };
}

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  return {
    subject: user.id,
    handle: user.global_key,
    name: user.name,
    email: user.email,
    picture: typeof user.avatar === "string" ? URL.parse(user.avatar, "https://coding.net")?.href : undefined,
    claims: user,
  };
}

function checkTeam({ team, baseUrl }: CodingOptions): Check {
  return () => {
    if (baseUrl !== undefined || (typeof team === "string" && /^[a-z0-9][a-z0-9-]*$/i.test(team))) return [];
    const what =
      team === undefined || team === ""
        ? "is missing (is its environment variable set?)"
        : "is not a team's name";
    return [
      problem(
        "team",
        what,
        'Write the first part of the team\'s address: "acme" of https://acme.coding.net.',
      ),
    ];
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The client id or the secret is wrong. Copy both again from the team's OAuth application.",
      "zh-CN": "Client ID 或 Client Secret 不正确，请从团队的 OAuth 应用重新复制。",
    },
    refused: {
      en: "CODING refused the code. Compare client id, secret and callback address with the team's OAuth application; its code is in the audit log.",
      "zh-CN": "CODING 拒绝了授权码。请与团队的 OAuth 应用核对 Client ID、密钥和回调地址；错误码见审计日志。",
    },
    email_unverified: {
      en: "CODING does not tell whether an e-mail was verified. Set trustEmail if your team's addresses can be believed.",
      "zh-CN": "CODING 不说明邮箱是否已验证。如果团队的邮箱可信，请启用 trustEmail。",
    },
  },
  facts: { subject: "id", emailVerified: "no" },
};
