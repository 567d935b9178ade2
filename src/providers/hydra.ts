import type { ClientAuthentication, ProviderDefinition, Remembered } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkIssuer,
  checkName,
  checkOrigins,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface HydraOptions {
  /** Default `hydra`. */
  readonly id?: string | undefined;
  /** Default `Ory Hydra`. */
  readonly name?: string | LocalizedName | undefined;
  /** Exactly as Hydra's `urls.self.issuer`, often with a slash at its end; on Ory Network the address of the project. */
  readonly issuer: string | undefined;
  readonly clientId: string | undefined;
  /** Leave out for a public client, and say so with `clientAuthentication: "none"`. */
  readonly clientSecret?: string | undefined;
  /** The client's `token_endpoint_auth_method`, which Hydra insists on. Default `client_secret_basic`. */
  readonly clientAuthentication?: ClientAuthentication | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Where your consent app puts groups, as a dotted path. Default `groups`. */
  readonly groupsClaim?: string | undefined;
  /** Origins of your login and consent apps where they are not the issuer's: `https://login.example.com`. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless the consent app says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A stem that parts in three. */
const MARK = "M11 22v-8L4 8V3h2v4l5 4V3h2v8l5-4V3h2v5l-7 6v8Z";
const WHERE = "The OAuth 2.0 client in Hydra (hydra create client, or Ory Console → OAuth 2).";

/**
 * Ory Hydra and Ory Network.
 *
 * - Hydra has no users: login and consent are apps of yours, and claims are what the consent app puts into the ID
 *   token. Without `email` or `groups` there, nothing can be told.
 * - The issuer often ends with a slash, and the slash counts.
 * - The client must prove itself in exactly the way that its `token_endpoint_auth_method` says.
 * - Sign-out returns only to an address in the client's `post_logout_redirect_uris`.
 * - Seen, not documented: a `state` below 8 characters is refused; ours has 32 and more. Plain http callbacks work for
 *   loopback addresses only.
 */
export function hydra<const Id extends string = "hydra", Keeps extends boolean = false>(
  options: HydraOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function hydra(options: HydraOptions): ProviderDefinition {
  const { id = "hydra", name = "Ory Hydra", groupsClaim = "groups", issuer } = options;
  return {
    ...oidcDefinition({
      ...options,
      id,
      name,
      mark: MARK,
      clientSecret: options.clientSecret,
      clientAuthentication: options.clientAuthentication ?? "client_secret_basic",
      problems: () =>
        findProblems(
          checkOptionNames(
            options,
            "issuer clientSecret clientAuthentication scopes groupsClaim redirectOrigins trustEmail",
          ),
          checkId(id),
          checkName(name),
          checkIssuer(issuer),
          checkCredentials(options, WHERE),
          checkScopes(options.scopes),
          checkClaim(groupsClaim),
          checkOrigins(options.redirectOrigins),
        ),
    }),
    membership: { group: claimMembership("ops", groupsClaim) },
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: true },
      revoke: "rfc7009",
      endSession: "oidc",
    },
    guide: GUIDE,
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact", "https_only"],
  advice: {
    issuer_mismatch: {
      en: "The issuer must be written as Hydra does, which usually means with a slash at its end.",
      "zh-CN": "issuer 必须与 Hydra 的写法完全一致，通常以斜杠结尾。",
    },
    client_invalid: {
      en: "Either the secret is wrong, or the client's token_endpoint_auth_method is not the one in clientAuthentication.",
      "zh-CN":
        "可能是密钥不正确，也可能是客户端的 token_endpoint_auth_method 与 clientAuthentication 不一致。",
    },
    redirect_mismatch: {
      en: "Add the callback address, word for word, to redirect_uris of the client.",
      "zh-CN": "请把回调地址原样加入客户端的 redirect_uris。",
    },
    invalid_scope: {
      en: "The client may not ask for one of the scopes: add it to the client's scope.",
      "zh-CN": "客户端没有申请其中某个 scope 的权限，请加入客户端的 scope。",
    },
  },
  facts: { subject: "sub", emailVerified: "sometimes" },
};

function checkClaim(path: unknown): Check {
  return () =>
    typeof path === "string" && /^[^.]+(\.[^.]+)*$/.test(path)
      ? []
      : [problem("groupsClaim", "is not a dotted path", 'Write it as "groups" or "realm.groups".')];
}
