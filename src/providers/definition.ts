import type { ConfigProblem } from "../errors.ts";
import type { EmailVerified } from "../model/identity.ts";
import type {
  AnswerHook,
  ApiHook,
  AppTokenHook,
  IssuerTemplate,
  LifecycleHook,
  MembershipCheck,
  MintedSecret,
  RequestDescription,
  SetupGuide,
  SignedGateway,
  Sources,
  StepContext,
  SubjectShape,
  TokenFields,
  TokenPlacement,
  TokenRequestHook,
} from "./hooks.ts";
import type { LocalizedName } from "./provider.ts";

export type { Sources } from "./hooks.ts";

/** How the client proves itself at the token endpoint (RFC 6749 §2.3.1; `none` = public client with PKCE). */
export type ClientAuthentication = "client_secret_basic" | "client_secret_post" | "none";

/** Endpoints that are written down. Beside discovery they win over it, one by one; `null` = the place has none. */
export interface FixedEndpoints {
  readonly authorization?: string;
  readonly token?: string | null;
  readonly userInfo?: string | null;
  readonly jwks?: string;
  readonly revocation?: string | null;
  readonly endSession?: string | null;
  /** Temporary credentials (RFC 5849 §2.1). Only for `oauth1`. */
  readonly requestToken?: string;
}

/** What the authorization URL says beside the protocol's own parameters. */
export interface AuthorizeHook {
  readonly scopes: readonly string[];
  /** Between scopes; a space by RFC 6749 §3.3, a comma at some. */
  readonly scopeSeparator: string;
  /** Constant extras such as `prompt`. They never replace a parameter of the protocol. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The protocol's parameter → the provider's: `{ client_id: "appid" }`. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Parameters of the protocol that must not be sent: `["response_type"]`. `state` and `redirect_uri` always are. */
  readonly omit?: readonly string[];
  /** What stands after `#` at the very end, without the `#`. */
  readonly fragment?: string;
  /** How a space is written in the address. Default `%20`, which everybody reads. */
  readonly encodeSpace?: "%20" | "+";
  /** Default `query`. `form_post` is sent as `response_mode`, and the callback comes as a POST from another site. */
  readonly responseMode?: "query" | "form_post";
  /** Another authorization endpoint for this browser; `null` = the usual one. */
  pickEndpoint?(userAgent: string | null): string | null;
}

/** How somebody is asked to sign in although they are signed in there already. */
export interface FreshnessHook {
  /** In place of what `oidc` sends: `prompt=login` and `max_age`. Default for the other kinds: nothing. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the ID token tells when that was; `false` = the place leaves `auth_time` out. */
  readonly authTime: boolean;
}

/** Which protections the place supports. Off only where it refuses them. */
export interface ChecksHook {
  readonly pkce: "S256" | "off";
  /** Signature algorithms an ID token may use, within those Postern knows. */
  readonly idTokenAlgorithms: readonly string[];
  /** Default true where there is an ID token. False only for a place that does not send it back. */
  readonly nonce?: boolean;
}

/** How the browser comes back. */
export interface CallbackHook {
  readonly codeParameter: string;
  readonly stateParameter: string;
  /** Values of `iss` that may come back (RFC 9207); one that comes back is always compared. */
  readonly issuers: readonly string[];
  /** True when these parameters tell that the person changed their mind. */
  cancelled(parameters: URLSearchParams): boolean;
  /** Other names of the code, tried in order after `codeParameter`: `["auth_code"]`. */
  readonly codeParameters?: readonly string[];
  /** True = a state without code and without error is a changed mind. */
  readonly noCodeIsCancelled?: boolean;
  /** What else to keep of the callback. Nobody has signed it: never a subject, never an e-mail. */
  capture?(parameters: URLSearchParams): Readonly<Record<string, unknown>>;
}

/** The token request beyond RFC 6749 §4.1.3. */
export interface ExchangeHook {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** How answers of the token endpoint are understood: `failure` first, then `error`, then `unwrap`. */
export interface ReadHook extends AnswerHook {
  /** The error word in a JSON body, also in one that came with 200; `null` when it is none. */
  error(body: Readonly<Record<string, unknown>>): string | null;
  /** The provider's error words that mean the same as one of RFC 6749: `{ bad_verification_code: "invalid_grant" }`. */
  readonly errorNames: Readonly<Record<string, string>>;
}

/** One request that finds out who has arrived: a plain GET of `url`, or what `request` describes. */
export interface IdentityStep {
  /** The name its answer gets in `Sources.answers`; lower case letters, for the administrator too. */
  readonly as: string;
  /** Either this or `request`. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request, made from what is known so far; `null` = not needed, its answer is `null`. */
  request?(context: StepContext): RequestDescription | null;
  /** Which token it carries, and where. Default the person's, as bearer. */
  readonly placement?: TokenPlacement;
  /** Default JSON and status 200. */
  readonly read?: AnswerHook;
  /** True = a refusal (4xx, or one that `read.failure` tells) is no failure and its answer is `null`. An outage always fails. */
  readonly optional?: boolean;
  /** Default always. False = the step is left out, its answer is `null`. */
  when?(context: StepContext): boolean;
}

/** What a mapping finds. Texts may be anything: they are cleaned and capped afterwards. */
export interface Profile {
  /** A string or a whole number; anything else means that nobody can be recognised. */
  readonly subject: unknown;
  readonly handle?: unknown;
  readonly name?: unknown;
  readonly email?: unknown;
  readonly emailVerified?: EmailVerified;
  readonly picture?: unknown;
  /** Where subjects are unique only within a tenant: `T0R7GR`. Becomes part of the identity's issuer. */
  readonly tenant?: unknown;
  /** Other ids of the same person at this issuer, such as an older kind: an identity kept under one is found and brought up to date. */
  readonly subjectAliases?: readonly unknown[];
  /** Groups that the answers already tell; left out = they do not. */
  readonly groups?: readonly unknown[] | null;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What of a provider's options the types remember, so that only an id that is there compiles where one is asked for. */
export interface Remembered<Id extends string, Keeps extends boolean> {
  readonly id?: Id | undefined;
  readonly keepTokens?: Keeps | undefined;
}

/**
 * One place to sign in, as data plus small pure functions. A definition never opens a socket: `connect` does all
 * requests, so every definition can be proved offline. Its members are hooks; a new hook is a new optional member.
 */
export interface ProviderDefinition<Id extends string = string, Keeps extends boolean = boolean> {
  /** Instance id: lower case letters, digits, hyphen. */
  readonly id: Id;
  /**
   * `oidc` demands a signed ID token and finds its endpoints by discovery, unless authorization, token and jwks are all
   * in `endpoints`; `oauth2` has neither; `oauth1` is RFC 5849 with HMAC-SHA1.
   */
  readonly kind: "oidc" | "oauth2" | "oauth1";
  readonly name: LocalizedName;
  /** SVG path data for a 24×24 box, drawn with `currentColor`. */
  readonly mark: string;
  /** Empty when it was not given; `problems` says so. */
  readonly clientId: string;
  /** The client secret, `null` for a public client. A function, so that printing a definition does not print it. */
  readonly clientSecret: () => string | null;
  /** Who vouches for the subject, as identities keep it; for `oidc` also where discovery starts. */
  readonly issuer: string;
  /** Spellings of the issuer that an ID token may carry. */
  readonly idTokenIssuers: readonly string[];
  /** Where the discovery document is, when not below the issuer. Its issuer must still be `issuer` (or `issuerTemplate.discovered`). */
  readonly discoveryUrl?: string;
  /** The issuer has the tenant in it: the identity's issuer is then the one that the token names. */
  readonly issuerTemplate?: IssuerTemplate;
  /** `null` = discovery tells them all. */
  readonly endpoints: FixedEndpoints | null;
  readonly authorize: AuthorizeHook;
  readonly checks: ChecksHook;
  /** Default for `oidc`: `prompt=login`, `max_age`, and an ID token with `auth_time`. Other kinds have none. */
  readonly freshness?: FreshnessHook;
  readonly callback: CallbackHook;
  /** `null` = what discovery announces, otherwise `client_secret_basic`. */
  readonly clientAuthentication: ClientAuthentication | null;
  /** A client secret that is signed anew for each use; then `clientSecret` answers `null`. */
  readonly mintedSecret?: MintedSecret;
  /** Every call to the token endpoint and of the identity steps is signed, and so is its answer. */
  readonly signedGateway?: SignedGateway;
  /** `none` = there is no token request: a step uses the code. */
  readonly exchange: ExchangeHook | "none";
  /** Where the token request is not a form POST as in RFC 6749 §4.1.3: what differs, or all of it as a function. */
  readonly tokenRequest?: TokenRequestHook | ((context: StepContext) => RequestDescription);
  readonly read: ReadHook;
  /** How the members of the token response are called. */
  readonly tokenFields?: TokenFields;
  /** `optional` = the place may leave out `token_type`. Default: it must be there and be `Bearer`. */
  readonly tokenType?: "optional";
  /** A token of the application itself, for steps and checks with `placement: { token: "app" }`. */
  readonly appToken?: AppTokenHook;
  /** When the userinfo endpoint is asked: `when_needed` = the ID token lacks name or e-mail. Only for `oidc`. */
  readonly userInfo: "always" | "when_needed" | "never";
  /** In order. */
  readonly identity: readonly IdentityStep[];
  profile(sources: Sources): Profile;
  /** A stable word when this person may not come from here (`hosted_domain`), otherwise `null`. */
  restrict(sources: Sources): string | null;
  /** True = the operator vouches for this directory: an e-mail counts as verified unless the place says that it is not. */
  readonly trustEmail?: boolean;
  /** True = the person's tokens are kept, and what `lifecycle.refresh` needs is asked for at sign-in. */
  readonly keepTokens?: Keeps;
  /** What access rules may ask, by the word they use: `team`, `organization`, `group`. */
  readonly membership?: Readonly<Record<string, MembershipCheck>>;
  /** Only where it is certain: an entry of `owners` that does not fit can never match, and is told at the start. */
  readonly subjectShape?: SubjectShape;
  /** The API that the person's token is for. */
  readonly api?: ApiHook;
  /** Refreshing, revoking, signing out. */
  readonly lifecycle?: LifecycleHook;
  /** What the set-up page and the documentation say. Every preset has one. */
  readonly guide?: SetupGuide;
  /** Origins that the provider sends the browser on to while it signs in; the page's `form-action` needs them. */
  readonly redirectOrigins: readonly string[];
  /** Everything that is wrong with the given options; paths are relative to this provider: `clientId`. */
  problems(): readonly ConfigProblem[];
  /** Hosts (`name:port`) that the operator wrote down and that may therefore be private. */
  namedHosts(): readonly string[];
}
