import { basicAuthorization } from "../oauth/client-authentication.ts";
import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { FailureKind, SetupGuide, ToldFailure } from "./hooks.ts";
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
  findProblems,
  problem,
} from "./internal/problems.ts";
import { GUID } from "./internal/subject-shapes.ts";
import type { LocalizedName } from "./provider.ts";

export interface NotionOptions {
  /** Default `notion`. */
  readonly id?: string | undefined;
  /** Default `Notion`. */
  readonly name?: string | LocalizedName | undefined;
  /** "OAuth client ID" of a public integration. */
  readonly clientId: string | undefined;
  /** "OAuth client secret" of a public integration. */
  readonly clientSecret: string | undefined;
  /** Default false. True: an e-mail counts as verified, although Notion does not tell. */
  readonly trustEmail?: boolean | undefined;
  /** One address in place of `https://api.notion.com`, for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

const CLOUD = "https://api.notion.com";
const VERSION = "2022-06-28";
/** A written page with a folded corner. */
const MARK = "M5 2h10l4 4v16H5V2Zm3 7v2h8V9H8Zm0 4v2h8v-2H8Zm0 4v2h5v-2H8Z";
const WHERE = "Notion → Settings → Integrations → your public integration → OAuth client ID and secret.";

/**
 * Notion, with a public integration.
 *
 * - There are no scopes: what the integration may read is set on its page. The e-mail is only there with the capability
 *   "Read user information including email addresses", and nothing tells whether it was verified.
 * - The token request is JSON, with Basic authentication; no PKCE. Who it is stands in its answer, as `owner.user`.
 * - An integration that belongs to the workspace (`owner.type` = `workspace`) signs nobody in.
 * - The form of a cancellation (`error=access_denied`) and of errors (`{"object":"error"}`) is seen, not documented.
 */
export function notion<const Id extends string = "notion", Keeps extends boolean = false>(
  options: NotionOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function notion(options: NotionOptions): ProviderDefinition {
  const { id = "notion", name = "Notion", baseUrl } = options;
  const base = (baseUrl ?? CLOUD).replace(/\/+$/, "");
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: base,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      clientAuthentication: "client_secret_basic",
      endpoints: { authorization: `${base}/v1/oauth/authorize`, token: `${base}/v1/oauth/token` },
      scopes: [],
      parameters: { owner: "user" },
      pkce: "off",
      identity: [],
      profile,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret trustEmail baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkNoToken(options.clientId),
          ...(baseUrl === undefined ? [] : [checkEndpoint("baseUrl", baseUrl)]),
        ),
      namedHosts: () => (baseUrl === undefined ? [] : hostsOf(base)),
    }),
    exchange: { headers: { "notion-version": VERSION }, parameters: {} },
    tokenRequest: { body: "json" },
    read: { ...STANDARD_READ, failure },
    membership: {
      workspace: {
        example: "3f1c0b6e-7f3f-4a55-9f5e-0d2c8d1a9b11",
        fromSources: ({ tokenResponse }) => idsIn(tokenResponse?.workspace_id),
        // Addresses write the id without its hyphens.
        matches: (workspace, wanted) => bare(workspace) === bare(wanted),
      },
    },
    subjectShape: GUID,
    api: { baseUrl: `${base}/v1`, headers: { "notion-version": VERSION } },
    lifecycle: {
      refresh: { rotates: true },
      revoke: ({ clientId, clientSecret }, token) => ({
        method: "POST",
        url: `${base}/v1/oauth/revoke`,
        headers: {
          authorization: basicAuthorization(clientId, clientSecret() ?? ""),
          "notion-version": VERSION,
        },
        body: { json: { token } },
      }),
      endSession: null,
    },
    guide: GUIDE,
  };
}

function profile({ tokenResponse }: Sources): Profile {
  const user = asObject(at(tokenResponse, "owner.user")) ?? {};
  return {
    subject: user.id,
    name: user.name,
    email: at(user, "person.email"),
    picture: user.avatar_url,
    claims: {
      ...user,
      workspace_id: tokenResponse?.workspace_id ?? null,
      workspace_name: tokenResponse?.workspace_name ?? null,
    },
  };
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  unauthorized: "client_invalid",
  restricted_resource: "app_not_ready",
  rate_limited: "rate_limited",
  internal_server_error: "transient",
  service_unavailable: "transient",
  database_connection_unavailable: "transient",
  gateway_timeout: "transient",
};

function failure(body: unknown): ToldFailure | null {
  if (at(body, "object") !== "error") return null;
  const code = String(at(body, "code"));
  return { kind: KINDS[code] ?? "protocol", code };
}

function idsIn(workspace: unknown): readonly string[] | null {
  return typeof workspace === "string" && workspace !== "" ? [workspace] : null;
}

function bare(workspace: string): string {
  return workspace.replaceAll("-", "").toLowerCase();
}

function checkNoToken(clientId: string | undefined): Check {
  return () =>
    typeof clientId === "string" && /^(ntn|secret)_/.test(clientId)
      ? [
          problem(
            "clientId",
            "is a token of an internal integration",
            `An internal integration signs nobody in: make it public. ${WHERE}`,
          ),
        ]
      : [];
}

const GUIDE: SetupGuide = {
  register: "https://www.notion.so/profile/integrations",
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The client secret is wrong or was renewed. Copy “OAuth client secret” of the public integration again.",
      "zh-CN": "客户端密钥不正确或已更换，请从公开集成页面重新复制“OAuth client secret”。",
    },
    unauthorized: {
      en: "Client ID and secret do not belong together. Copy both from the same public integration.",
      "zh-CN": "客户端 ID 与密钥不匹配，请从同一个公开集成复制两者。",
    },
    redirect_mismatch: {
      en: "Add the callback address, letter by letter, to “Redirect URIs” of the integration.",
      "zh-CN": "请把回调地址一字不差地加入集成的“Redirect URIs”。",
    },
    no_identifier: {
      en: "The answer names no person. The integration must be public, and people must consent themselves.",
      "zh-CN": "应答中没有人员信息。集成必须是公开类型，并由本人授权。",
    },
  },
  facts: { subject: "owner.user.id", emailVerified: "no" },
};
