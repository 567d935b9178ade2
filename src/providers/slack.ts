import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { SetupGuide, ToldFailure } from "./hooks.ts";
import { pageByParameter } from "./internal/api-pages.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { ROUND_TRIP } from "./internal/freshness.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import { oidcProfile } from "./internal/oidc-profile.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkName,
  checkOrigins,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface SlackOptions {
  /** Default `slack`. */
  readonly id?: string | undefined;
  /** Default `Slack`. */
  readonly name?: string | LocalizedName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Only people of this workspace: `T0123ABCD`. Default: every workspace. */
  readonly team?: string | undefined;
  /** Where Slack sends people on to while they sign in: `https://acme.slack.com`. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless Slack says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Default `https://slack.com`; `https://slack-gov.com` for GovSlack, another one for tests. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** Two strokes over two: a channel's sign. */
const MARK = "M8 3h2v18H8ZM14 3h2v18h-2ZM3 8h18v2H3ZM3 14h18v2H3Z";
const WHERE = "api.slack.com/apps → your app → Basic Information → App Credentials.";
const TEAM = "https://slack.com/team_id";

/**
 * Sign in with Slack (OpenID Connect; not the installation of an app).
 *
 * - Claims of Slack's own are called by addresses: `https://slack.com/team_id`.
 * - A person is a user id within a workspace, so the workspace is part of the identity. Somebody in two workspaces is
 *   two people.
 * - Token endpoint and userinfo answer status 200 with `ok: false` and an error word of their own.
 * - `team` preselects a workspace; people can choose another one, so the claim decides.
 * - The callback must be https, on this machine too (seen, not documented).
 * - PKCE is not announced. It is sent, and nothing depends on it.
 * - It knows neither `max_age` nor `prompt`: a step-up can see no more than that people have been there and back.
 */
export function slack<const Id extends string = "slack", Keeps extends boolean = false>(
  options: SlackOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function slack(options: SlackOptions): ProviderDefinition {
  const { id = "slack", name = "Slack", team } = options;
  const base = trimSlashes(options.baseUrl ?? "https://slack.com");
  return {
    ...oidcDefinition({
      ...options,
      id,
      name,
      mark: MARK,
      issuer: base,
      clientAuthentication: "client_secret_post",
      parameters: team === undefined ? {} : { team },
      restrict: ({ idToken }) => (team === undefined || idToken?.[TEAM] === team ? null : "team"),
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret team redirectOrigins trustEmail baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkTeam(team),
          checkOrigins(options.redirectOrigins),
          checkAddresses({ baseUrl: options.baseUrl }),
        ),
    }),
    freshness: ROUND_TRIP,
    // Asked as a step, since its errors come in an envelope.
    endpoints: { userInfo: null },
    read: { ...STANDARD_READ, failure },
    identity: [
      {
        as: "user",
        url: `${base}/api/openid.connect.userInfo`,
        read: { failure },
        when: ({ idToken }) => idToken?.email === undefined || idToken.name === undefined,
      },
    ],
    profile,
    membership: { team: claimMembership("T0123ABCD", [TEAM]) },
    api: { baseUrl: `${base}/api`, paging: pageByParameter("response_metadata.next_cursor", "cursor") },
    lifecycle: {
      refresh: null,
      revoke: (_context, token) => ({
        method: "POST",
        url: `${base}/api/auth.revoke`,
        body: { form: { token } },
      }),
      endSession: null,
    },
    guide: GUIDE,
    namedHosts: () => givenHosts({ baseUrl: options.baseUrl }),
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["https_only", "no_localhost"],
  advice: {
    redirect_mismatch: {
      en: "Add the callback address under OAuth & Permissions → Redirect URLs. It must be https, on this machine too.",
      "zh-CN": "请在 OAuth & Permissions → Redirect URLs 中加入回调地址；即使在本机也必须是 https。",
    },
    client_invalid: {
      en: "Client id or secret is wrong. Copy both again from Basic Information; the signing secret is another one.",
      "zh-CN": "客户端 ID 或密钥不正确，请从 Basic Information 重新复制；注意不是 Signing Secret。",
    },
    invalid_scope: {
      en: "Add openid, profile and email under OAuth & Permissions → User Token Scopes, not Bot Token Scopes.",
      "zh-CN":
        "请在 OAuth & Permissions → User Token Scopes（而不是 Bot Token Scopes）中加入 openid、profile、email。",
    },
    team: {
      en: "Somebody of another workspace tried to sign in.",
      "zh-CN": "有来自其他工作区的人尝试登录。",
    },
  },
  facts: { subject: "team_id + sub", emailVerified: "yes" },
};

const KINDS: Readonly<Record<string, ToldFailure["kind"]>> = {
  invalid_code: "code_invalid",
  code_already_used: "code_invalid",
  code_expired: "code_invalid",
  bad_client_secret: "client_invalid",
  invalid_client_id: "client_invalid",
  invalid_client: "client_invalid",
  bad_redirect_uri: "redirect_mismatch",
  access_denied: "user_not_allowed",
  account_inactive: "user_not_allowed",
  ratelimited: "rate_limited",
  internal_error: "transient",
  fatal_error: "transient",
  service_unavailable: "transient",
};

function failure(body: unknown): ToldFailure | null {
  if (at(body, "ok") !== false) return null;
  const error = at(body, "error");
  const code = typeof error === "string" && error !== "" ? error : "not_ok";
  return { kind: KINDS[code] ?? "protocol", code };
}

function profile({ idToken, answers, ...others }: Sources): Profile {
  const user = asObject(answers.user);
  // What does not tell of the same person tells nothing (OpenID Connect Core §5.3.4).
  const userInfo = user !== null && user.sub === idToken?.sub ? user : null;
  const standard = oidcProfile({ ...others, answers, idToken, userInfo });
  return { ...standard, tenant: idToken?.[TEAM] };
}

function checkTeam(team: string | undefined): Check {
  return () =>
    team === undefined || /^T[A-Z0-9]{2,}$/.test(team)
      ? []
      : [
          problem(
            "team",
            "is not the id of a workspace",
            "It begins with T and stands in the address of the workspace when Slack is open in a browser.",
          ),
        ];
}
