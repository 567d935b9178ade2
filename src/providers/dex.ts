import type { ProviderDefinition, Remembered } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { ROUND_TRIP } from "./internal/freshness.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import {
  checkCredentials,
  checkId,
  checkIssuer,
  checkName,
  checkOrigins,
  checkScopes,
  findProblems,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface DexOptions {
  /** Default `dex`. */
  readonly id?: string | undefined;
  /** Default `Dex`. */
  readonly name?: string | LocalizedName | undefined;
  /** Exactly as `issuer` in Dex's configuration, often with a path: `https://dex.example.com/dex`. */
  readonly issuer: string | undefined;
  /** `id` of the entry in `staticClients`. */
  readonly clientId: string | undefined;
  /** `secret` of the entry in `staticClients`. */
  readonly clientSecret: string | undefined;
  /** Skips Dex's page of connectors. Default: people choose. */
  readonly connector?: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Where Dex sends people on to while they sign in: the origins of its connectors, when it skips its own page. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless Dex says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A hub with four spokes. */
const MARK = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM11 2h2v5h-2ZM11 17h2v5h-2ZM2 11h5v2H2ZM17 11h5v2h-5Z";
const WHERE = "Dex's configuration → staticClients → the entry of this application.";

/**
 * Dex.
 *
 * - The subject is opaque: it holds the connector's id and the person's id there. Renaming a connector makes
 *   everybody who comes through it a stranger.
 * - Groups depend on the connector. They come only with the scope `groups`, and some connectors have none: then a rule
 *   cannot tell.
 * - Which connector somebody came through is told with the scope `federated:id`.
 * - Not every connector gives refresh tokens.
 * - Only new versions, when told to, can sign people out.
 * - Seen, not documented: a refusal at the connector ends on a page of Dex and does not always come back.
 * - It knows neither `max_age` nor `auth_time`: a step-up can see no more than that people have been there and back.
 */
export function dex<const Id extends string = "dex", Keeps extends boolean = false>(
  options: DexOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function dex(options: DexOptions): ProviderDefinition {
  const { id = "dex", name = "Dex", issuer } = options;
  return {
    ...oidcDefinition({
      ...options,
      id,
      name,
      mark: MARK,
      parameters: options.connector === undefined ? {} : { connector_id: options.connector },
      problems: () =>
        findProblems(
          checkOptionNames(options, "issuer clientSecret connector scopes redirectOrigins trustEmail"),
          checkId(id),
          checkName(name),
          checkIssuer(issuer),
          checkCredentials(options, WHERE),
          checkScopes(options.scopes),
          checkOrigins(options.redirectOrigins),
        ),
    }),
    freshness: ROUND_TRIP,
    membership: {
      group: { ...claimMembership("acme:ops", "groups"), scopes: ["groups"] },
      connector: { ...claimMembership("ldap", "federated_claims.connector_id"), scopes: ["federated:id"] },
    },
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: "unknown" },
      revoke: null,
      endSession: "oidc",
    },
    guide: GUIDE,
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    issuer_mismatch: {
      en: "The issuer must be written as in Dex's configuration, with its path (often /dex) and without a slash more or less.",
      "zh-CN": "issuer 必须与 Dex 配置中的写法完全一致：包括路径（常为 /dex），不多也不少一个斜杠。",
    },
    client_invalid: {
      en: "Client id and secret are not those of an entry in staticClients.",
      "zh-CN": "客户端 ID 与密钥和 staticClients 中的条目不一致。",
    },
    redirect_mismatch: {
      en: "Add the callback address, word for word, to redirectURIs of the client in Dex's configuration.",
      "zh-CN": "请把回调地址原样加入 Dex 配置中该客户端的 redirectURIs。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};
