import type { ConfigProblem } from "../errors.ts";
import type { EmailVerified } from "../model/identity.ts";
import type { LocalizedName } from "./provider.ts";

/** How the client proves itself at the token endpoint (RFC 6749 §2.3.1; `none` = public client with PKCE). */
export type ClientAuthentication = "client_secret_basic" | "client_secret_post" | "none";

/** Endpoints that are known without discovery. */
export interface FixedEndpoints {
  readonly authorization: string;
  readonly token: string;
}

/** What the authorization URL says beside the protocol's own parameters. */
export interface AuthorizeHook {
  readonly scopes: readonly string[];
  /** Between scopes; a space by RFC 6749 §3.3, a comma at some. */
  readonly scopeSeparator: string;
  /** Constant extras such as `prompt`. They never replace a parameter of the protocol. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Which protections the place supports. Off only where it refuses them. */
export interface ChecksHook {
  readonly pkce: "S256" | "off";
  /** Signature algorithms an ID token may use, within those Postern knows. */
  readonly idTokenAlgorithms: readonly string[];
}

/** How the browser comes back. */
export interface CallbackHook {
  readonly codeParameter: string;
  readonly stateParameter: string;
  /** Values of `iss` that may come back (RFC 9207); one that comes back is always compared. */
  readonly issuers: readonly string[];
  /** True when these parameters tell that the person changed their mind. */
  cancelled(parameters: URLSearchParams): boolean;
}

/** The token request beyond RFC 6749 §4.1.3. */
export interface ExchangeHook {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** How answers of the token endpoint are understood. */
export interface ReadHook {
  /** The error word in a JSON body, also in one that came with 200; `null` when it is none. */
  error(body: Readonly<Record<string, unknown>>): string | null;
  /** The provider's error words that mean the same as one of RFC 6749: `{ bad_verification_code: "invalid_grant" }`. */
  readonly errorNames: Readonly<Record<string, string>>;
}

/** One request that finds out who has arrived, sent with the access token as bearer. */
export interface IdentityStep {
  /** The name its answer gets in `Sources.answers`. */
  readonly as: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** True = a refusal (4xx) is no failure and its answer is `null`. An outage always fails. */
  readonly optional: boolean;
}

/** What is known about the person when the mapping runs. Whole numbers beyond 2^53 are strings of their digits. */
export interface Sources {
  /** Claims of the verified ID token, `null` without one. */
  readonly idToken: Readonly<Record<string, unknown>> | null;
  /** Claims of the userinfo endpoint, their `sub` already compared; `null` when it was not asked. */
  readonly userInfo: Readonly<Record<string, unknown>> | null;
  /** Answers of the identity steps. */
  readonly answers: Readonly<Record<string, unknown>>;
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
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * One place to sign in, as data plus small pure functions. A definition never opens a socket: `connect` does all
 * requests, so every definition can be proved offline. Its members are hooks; a new hook is a new optional member.
 */
export interface ProviderDefinition {
  /** Instance id: lower case letters, digits, hyphen. */
  readonly id: string;
  /** `oidc` finds its endpoints by discovery and demands a signed ID token; `oauth2` has neither. */
  readonly kind: "oidc" | "oauth2";
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
  /** `null` = discovery. */
  readonly endpoints: FixedEndpoints | null;
  readonly authorize: AuthorizeHook;
  readonly checks: ChecksHook;
  readonly callback: CallbackHook;
  /** `null` = what discovery announces, otherwise `client_secret_basic`. */
  readonly clientAuthentication: ClientAuthentication | null;
  readonly exchange: ExchangeHook;
  readonly read: ReadHook;
  /** When the userinfo endpoint is asked: `when_needed` = the ID token lacks name or e-mail. Only for `oidc`. */
  readonly userInfo: "always" | "when_needed" | "never";
  /** In order. */
  readonly identity: readonly IdentityStep[];
  profile(sources: Sources): Profile;
  /** A stable word when this person may not come from here (`hosted_domain`), otherwise `null`. */
  restrict(sources: Sources): string | null;
  /** Origins that the provider sends the browser on to while it signs in; the page's `form-action` needs them. */
  readonly redirectOrigins: readonly string[];
  /** Everything that is wrong with the given options; paths are relative to this provider: `clientId`. */
  problems(): readonly ConfigProblem[];
  /** Hosts (`name:port`) that the operator wrote down and that may therefore be private. */
  namedHosts(): readonly string[];
}
