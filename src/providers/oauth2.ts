import type { ClientAuthentication, IdentityStep, ProviderDefinition, Remembered } from "./definition.ts";
import type { ApiHook, SetupGuide, TokenPlacement, TokenRequestHook } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses } from "./internal/base-url.ts";
import { checkMemberNames, checkOptionNames } from "./internal/check-option-names.ts";
import { given, keepSecret, localized, STANDARD_READ, standardCallback } from "./internal/defaults.ts";
import {
  errorCodeIn,
  failureIn,
  groupsIn,
  type OAuth2Emails,
  type OAuth2Errors,
  type OAuth2Fields,
  readFields,
} from "./internal/oauth2-fields.ts";
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

export type { OAuth2Emails, OAuth2Errors, OAuth2Fields } from "./internal/oauth2-fields.ts";

export interface OAuth2Options {
  /** Instance id, in addresses and in `owners`: `wiki`. */
  readonly id: string;
  /** What people read on the button. */
  readonly name: string | LocalizedName;
  readonly authorizationUrl: string | undefined;
  readonly tokenUrl: string | undefined;
  /** Tells about the person when asked with the access token; JSON. */
  readonly userUrl: string | undefined;
  readonly fields: OAuth2Fields;
  /** A second call, where the person's e-mail addresses are listed elsewhere. Default none. */
  readonly emails?: OAuth2Emails | undefined;
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
  /** How the token request is written. Default `form`; `query` is a GET with the secret in its address. */
  readonly tokenBody?: TokenRequestHook["body"] | undefined;
  /** Where the tokens stand in the token answer, as a dotted path: `data`. Default: at its top. */
  readonly tokenEnvelope?: string | undefined;
  /** Where `userUrl` and `emails` want the access token: `{ query: "access_token" }`, `{ header: "x-token" }`. Default `bearer`. */
  readonly userTokenIn?: TokenPlacement["in"] | undefined;
  /** Errors beside those of RFC 6749. Default none. */
  readonly errors?: OAuth2Errors | undefined;
  /** Extra headers for `userUrl` and `emails`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Who vouches for the subjects. Default: the origin of `authorizationUrl`. Changing it makes everybody a stranger. */
  readonly issuer?: string | undefined;
  /** Origins that the provider sends the browser on to while it signs in. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless the answer says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** The API that the person's token is for; relative paths of calls lie below it. Default none. */
  readonly apiUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A plug with two pins. */
const MARK = "M8 2v5H6v5a6 6 0 0 0 4.5 5.8V22h3v-4.2A6 6 0 0 0 18 12V7h-2V2h-3v5h-2V2Z";

/**
 * Any OAuth 2.0 provider without OpenID Connect: three addresses, and where the person's data stands in the answer.
 * Nothing signed tells who has arrived, so `userUrl` must be answered by the provider itself.
 */
export function oauth2<const Id extends string, Keeps extends boolean = false>(
  options: OAuth2Options & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function oauth2(options: OAuth2Options): ProviderDefinition {
  const { authorizationUrl, tokenUrl, userUrl, fields, emails, errors, tokenEnvelope } = options;
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
    ...(options.tokenBody === undefined ? {} : { tokenRequest: { body: options.tokenBody } }),
    tokenType: "optional",
    read: {
      ...STANDARD_READ,
      failure: (body) => failureIn(body, errors, null),
      error: (body) => STANDARD_READ.error(body) ?? errorCodeIn(body, errors),
      unwrap: (body) => (tokenEnvelope === undefined ? body : at(body, tokenEnvelope)),
    },
    userInfo: "never",
    identity: [
      stepOf("user", userUrl, options),
      ...(emails === undefined ? [] : [{ ...stepOf("emails", emails.url, options), optional: true }]),
    ],
    profile: (sources) => readFields(sources, fields, emails),
    restrict: () => null,
    trustEmail: options.trustEmail ?? false,
    keepTokens: options.keepTokens ?? false,
    membership: { group: { example: "editors", fromSources: (sources) => groupsIn(sources, fields) } },
    ...(options.apiUrl !== undefined && { api: apiOf(options.apiUrl, options.userTokenIn) }),
    lifecycle: { refresh: { rotates: "unknown" }, revoke: null, endSession: null },
    guide: GUIDE,
    redirectOrigins: options.redirectOrigins ?? [],
    problems: () =>
      findProblems(
        checkOptionNames(
          options,
          "authorizationUrl tokenUrl userUrl apiUrl fields emails clientSecret clientAuthentication scopes scopeSeparator pkce authorizationParameters tokenBody tokenEnvelope userTokenIn errors headers issuer redirectOrigins trustEmail",
        ),
        checkId(options.id),
        checkName(options.name),
        checkEndpoint("authorizationUrl", authorizationUrl),
        checkEndpoint("tokenUrl", tokenUrl),
        checkEndpoint("userUrl", userUrl),
        ...(emails === undefined ? [] : [checkEndpoint("emails.url", emails.url)]),
        checkAddresses({ apiUrl: options.apiUrl }),
        checkFields(fields),
        checkMemberNames("fields", fields, "subject handle name email emailVerified picture groups"),
        checkMemberNames("emails", emails, "url list email primary verified"),
        checkErrors(errors),
        checkMemberNames("errors", errors, "code kinds"),
        checkCredentials(options, "The provider shows it on the page of the application."),
        checkScopes(options.scopes),
        checkParameters(options.authorizationParameters),
        checkOrigins(options.redirectOrigins),
      ),
    namedHosts: () =>
      hostsOf(
        given(authorizationUrl),
        given(tokenUrl),
        given(userUrl),
        given(emails?.url),
        given(options.apiUrl),
      ),
  };
}

function apiOf(baseUrl: string, tokenIn: OAuth2Options["userTokenIn"]): ApiHook {
  // A field of a form is no place in an address.
  const fits = tokenIn !== undefined && (tokenIn === "bearer" || !("form" in tokenIn));
  return { baseUrl, ...(fits && { tokenIn }) };
}

function stepOf(
  as: string,
  url: string | undefined,
  { headers, userTokenIn, errors }: OAuth2Options,
): IdentityStep {
  return {
    as,
    url: given(url),
    headers: headers ?? {},
    placement: { in: userTokenIn ?? "bearer" },
    read: { failure: (body) => failureIn(body, errors, "protocol") },
  };
}

const GUIDE: SetupGuide = {
  register: "The provider's developer pages, as a web application with the authorization code flow.",
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
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

function checkErrors(errors: Partial<OAuth2Errors> | undefined): Check {
  return () =>
    errors === undefined || (typeof errors.code === "string" && errors.code !== "")
      ? []
      : [
          problem(
            "errors.code",
            "is missing",
            'Say where the code of an error stands: errors: { code: "errcode" }.',
          ),
        ];
}
