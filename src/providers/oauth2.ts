import { asObject } from "../oauth/json.ts";
import type { ClientAuthentication, Profile, ProviderDefinition, Sources } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { given, keepSecret, localized, STANDARD_READ, standardCallback } from "./internal/defaults.ts";
import { hostsOf } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  checkOrigins,
  checkParameters,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

/** Where the person's data stands in the answer of `userUrl`, as dotted paths: `data.user.id`. */
export interface OAuth2Fields {
  /** An id that never changes hands; not a login name, not an e-mail. */
  readonly subject: string;
  readonly handle?: string | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** Only boolean `true` counts as verified. */
  readonly emailVerified?: string | undefined;
  readonly picture?: string | undefined;
  /** A list of names, for access rules: `{ wiki: { group: "editors" } }`. */
  readonly groups?: string | undefined;
}

export interface OAuth2Options {
  /** Instance id, in addresses and in `owners`: `wiki`. */
  readonly id: string;
  /** What people read on the button. */
  readonly name: string | LocalizedName;
  readonly authorizationUrl: string | undefined;
  readonly tokenUrl: string | undefined;
  /** Tells about the person when asked with the access token as bearer; JSON. */
  readonly userUrl: string | undefined;
  readonly fields: OAuth2Fields;
  readonly clientId: string | undefined;
  /** Leave out for a public client, and say so with `clientAuthentication: "none"`. */
  readonly clientSecret?: string | undefined;
  /** Default `client_secret_basic`. */
  readonly clientAuthentication?: ClientAuthentication | undefined;
  /** Default none. */
  readonly scopes?: readonly string[] | undefined;
  /** Default a space; a comma at some. */
  readonly scopeSeparator?: string | undefined;
  /** Default `S256`. `off` only for a server that refuses it. */
  readonly pkce?: "S256" | "off" | undefined;
  /** Extras of the authorization address. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Extra headers for `userUrl`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Who vouches for the subjects. Default: the origin of `authorizationUrl`. Changing it makes everybody a stranger. */
  readonly issuer?: string | undefined;
  /** Origins that the provider sends the browser on to while it signs in. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless the answer says that it is not. */
  readonly trustEmail?: boolean | undefined;
}

/** A plug with two pins. */
const MARK = "M8 2v5H6v5a6 6 0 0 0 4.5 5.8V22h3v-4.2A6 6 0 0 0 18 12V7h-2V2h-3v5h-2V2Z";

/**
 * Any OAuth 2.0 provider without OpenID Connect: three addresses, and where the person's data stands in the answer.
 * Nothing signed tells who has arrived, so `userUrl` must be answered by the provider itself.
 */
export function oauth2(options: OAuth2Options): ProviderDefinition {
  const { authorizationUrl, tokenUrl, userUrl, fields } = options;
  const issuer = options.issuer ?? URL.parse(given(authorizationUrl))?.origin ?? "";
  return {
    id: options.id,
    kind: "oauth2",
    name: localized(options.name),
    mark: MARK,
    clientId: given(options.clientId),
    clientSecret: keepSecret(options.clientSecret),
    issuer,
    idTokenIssuers: [],
    endpoints: { authorization: given(authorizationUrl), token: given(tokenUrl) },
    authorize: {
      scopes: options.scopes ?? [],
      scopeSeparator: options.scopeSeparator ?? " ",
      parameters: options.authorizationParameters ?? {},
    },
    checks: { pkce: options.pkce ?? "S256", idTokenAlgorithms: [] },
    callback: standardCallback([issuer]),
    clientAuthentication: options.clientAuthentication ?? null,
    exchange: { headers: {}, parameters: {} },
    read: STANDARD_READ,
    userInfo: "never",
    identity: [{ as: "user", url: given(userUrl), headers: options.headers ?? {}, optional: false }],
    profile: (sources) => readProfile(sources, fields),
    restrict: () => null,
    trustEmail: options.trustEmail ?? false,
    membership: { group: { example: "editors", fromSources: (sources) => groupsOf(sources, fields) } },
    lifecycle: { refresh: { rotates: "unknown" }, revoke: null, endSession: null },
    guide: GUIDE,
    redirectOrigins: options.redirectOrigins ?? [],
    problems: () =>
      findProblems(
        checkId(options.id),
        checkName(options.name),
        checkEndpoint("authorizationUrl", authorizationUrl),
        checkEndpoint("tokenUrl", tokenUrl),
        checkEndpoint("userUrl", userUrl),
        checkFields(fields),
        checkCredentials(options, "The provider shows it on the page of the application."),
        checkScopes(options.scopes),
        checkParameters(options.authorizationParameters),
        checkOrigins(options.redirectOrigins),
      ),
    namedHosts: () => hostsOf(given(authorizationUrl), given(tokenUrl), given(userUrl)),
  };
}

const GUIDE: SetupGuide = {
  register: "The provider's developer pages, as a web application with the authorization code flow.",
  redirectRules: ["exact"],
  advice: {
    invalid_client: {
      en: "The provider refuses the client: id or secret is wrong, or it wants another clientAuthentication.",
      "zh-CN": "提供方拒绝了该客户端：ID 或密钥有误，或需要其他 clientAuthentication 方式。",
    },
    subject_missing: {
      en: "The answer of userUrl has no id where fields.subject says. Look at the answer and mend the path.",
      "zh-CN": "userUrl 的返回中没有 fields.subject 所指的 ID，请查看返回内容并修正路径。",
    },
  },
  facts: { subject: "fields.subject", emailVerified: "sometimes" },
};

function groupsOf({ answers }: Sources, fields: OAuth2Fields): readonly string[] | null {
  const groups = at(answers.user, fields.groups);
  return Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : null;
}

function readProfile({ answers }: Sources, fields: OAuth2Fields): Profile {
  const user = answers.user;
  const verified = at(user, fields.emailVerified);
  return {
    subject: at(user, fields.subject),
    handle: at(user, fields.handle),
    name: at(user, fields.name),
    email: at(user, fields.email),
    emailVerified: typeof verified === "boolean" ? verified : null,
    picture: at(user, fields.picture),
    claims: asObject(user) ?? {},
  };
}

function checkFields(fields: Partial<OAuth2Fields> | undefined): Check {
  return () =>
    typeof fields?.subject === "string" && fields.subject !== ""
      ? []
      : [
          problem(
            "fields.subject",
            "is missing",
            'Say where the unchanging id stands: fields: { subject: "id" }.',
          ),
        ];
}
