import type { ToldFailure } from "../oauth/failure-kind.ts";
import type { LocalizedName } from "./provider.ts";

export type { MembershipAnswer } from "../model/membership.ts";
export type { FailureKind, ToldFailure } from "../oauth/failure-kind.ts";

/** A request as data: the core sends it, with its limits, and keeps secrets out of every log. */
export interface RequestDescription {
  /** Default GET. */
  readonly method?: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Added to the query of `url`. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: { readonly form: Readonly<Record<string, string>> } | { readonly json: unknown };
}

/** How an answer is read, at any endpoint. Everything has a default: JSON, status 200, errors as in RFC 6749. */
export interface AnswerHook {
  /** Which codec, by the provider's word and not by the content type. Default `json`; `auto` = JSON, else form, else JSONP. */
  readonly codec?: "json" | "form" | "jsonp" | "auto";
  /** The failure that an answer tells, also with status 200; `null` = none. */
  failure?(body: unknown, status: number): ToldFailure | null;
  /** Takes the content out of its envelope: `(body) => body.data`. */
  unwrap?(body: unknown): unknown;
}

/** Everything that is known while the steps run. Ids beyond 2^53 are strings of their digits. */
export interface StepContext {
  readonly clientId: string;
  /** A function, so that printing a context does not print it. */
  readonly clientSecret: () => string | null;
  /** The code of the callback. */
  readonly code: string;
  readonly redirectUri: string;
  /** The answer of the token endpoint, unwrapped and without its tokens; `null` where there is none. */
  readonly tokenResponse: Readonly<Record<string, unknown>> | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What `callback.capture` kept. */
  readonly callback: Readonly<Record<string, unknown>>;
  readonly idToken: Readonly<Record<string, unknown>> | null;
  /** Answers of the steps before. */
  readonly answers: Readonly<Record<string, unknown>>;
}

/** What is known about the person when the mapping runs. Whole numbers beyond 2^53 are strings of their digits. */
export interface Sources {
  /** Claims of the verified ID token, `null` without one. */
  readonly idToken: Readonly<Record<string, unknown>> | null;
  /** Claims of the userinfo endpoint, their `sub` already compared; `null` when it was not asked. */
  readonly userInfo: Readonly<Record<string, unknown>> | null;
  /** Answers of the identity steps. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** The answer of the token endpoint, unwrapped and without its tokens; `null` where there is none. */
  readonly tokenResponse: Readonly<Record<string, unknown>> | null;
  /** What `callback.capture` kept. Nobody has signed it. */
  readonly callback: Readonly<Record<string, unknown>>;
}

/** Which token a request carries, and where. */
export interface TokenPlacement {
  /** Default `user`: the access token of the person; `app`: that of `appToken`; `none`. */
  readonly token?: "user" | "app" | "none";
  /** Default `bearer`. */
  readonly in?:
    | "bearer"
    | { readonly header: string }
    | { readonly query: string }
    | { readonly form: string };
}

/** The token request (hook 8) where it is not a form POST as in RFC 6749 §4.1.3. */
export interface TokenRequestHook {
  /** Default POST with a form. `query` = GET with everything in the query. */
  readonly body?: "form" | "json" | "query";
  /** `{ client_id: "appid" }`: the protocol's parameter → the provider's. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Parameters of the protocol that must not be sent: `["redirect_uri"]`. */
  readonly omit?: readonly string[];
}

/** How the members of a token response are called (hook 9): `{ access_token: "accessToken", expires_in: "expireIn" }`. */
export type TokenFields = Readonly<
  Partial<
    Record<"access_token" | "refresh_token" | "id_token" | "expires_in" | "scope" | "token_type", string>
  >
>;

/** A token of the application itself (hook 10), cached by the core per instance and credentials, fetched once at a time. */
export interface AppTokenHook {
  request(context: Pick<StepContext, "clientId" | "clientSecret">): RequestDescription;
  readonly read?: AnswerHook;
  /** Where the token stands in the unwrapped answer. */
  readonly field: string;
  /** Where its life in seconds stands. */
  readonly expiresField: string;
  /** Provider codes that mean "this token has ended": then it is fetched once more. */
  readonly expiredCodes: readonly string[];
}

/** An ID token issuer with the tenant in it (hook 3): `https://login.example.com/{tid}/v2.0`. */
export interface IssuerTemplate {
  /** As it stands in the discovery document, word for word. */
  readonly discovered: string;
  /** With `{claim}` in place of the tenant. */
  readonly template: string;
  readonly claim: string;
  /** `null` = every tenant: then access rules must look at the tenant. */
  readonly allowed: readonly string[] | null;
}

/** A client secret that is minted for each use (hook 7): a JWT which the core signs (ES256). */
export interface MintedSecret {
  readonly keyId: string;
  /** PKCS #8 PEM; a function, so that printing a definition does not print it. */
  readonly privateKey: () => string;
  /** `now` in seconds since the epoch. */
  claims(now: number): Readonly<Record<string, string | number>>;
}

/** Requests to a gateway that are signed as a whole (hook 7), and whose answers are. RSA with SHA-256, PKCS #1 v1.5. */
export interface SignedGateway {
  /** PKCS #8 PEM of the application. */
  readonly privateKey: () => string;
  /** SPKI PEM of the provider: answers that it has not signed are refused. */
  readonly publicKey: () => string;
  /** The parameter that carries the signature: `sign`. */
  readonly signatureParameter: string;
  /** Where the signed text and the signature stand in a raw answer; `null` = not signed, which is refused. */
  signedPart(raw: string): { readonly text: string; readonly signature: string } | null;
}

/**
 * One thing that access rules can ask a provider (hook 13): `team`, `organization`, `group`. Asked only when a rule
 * needs it. Either the claims tell already (`fromSources`), or pages of answers do.
 */
export interface MembershipCheck {
  /** What people write in a rule, for messages: `acme/ops`. */
  readonly example: string;
  /** Scopes that must be asked for at sign-in so that this can be answered. */
  readonly scopes?: readonly string[];
  /** The groups that the sources already tell; `null` = they do not. */
  fromSources?(sources: Sources): readonly string[] | null;
  /** The first page to ask, `null` = it cannot be asked for this person. */
  request?(context: StepContext, wanted: string): RequestDescription | null;
  readonly placement?: TokenPlacement;
  readonly read?: AnswerHook;
  /** Statuses that mean a plain no, such as 404 for one membership. */
  readonly noStatuses?: readonly number[];
  /** Groups on a page. */
  groups?(body: unknown, wanted: string): readonly string[];
  /** How to go on: RFC 8288 `Link: rel="next"`, a full page of `size` entries with `?page=`, or a function. */
  readonly paging?:
    | "link"
    | { readonly pageParameter: string; readonly sizeParameter: string; readonly size: number }
    | { next(body: unknown, request: RequestDescription): RequestDescription | null };
  /** Whether holding `group` satisfies `wanted`. Default: equal. */
  matches?(group: string, wanted: string): boolean;
}

/** What providers demand of a callback address (hook 14): printed beside it, and checked. */
export type RedirectRule =
  | "https_only"
  | "no_localhost"
  | "no_ip"
  | "domain_only"
  | "exact"
  | "sub_path_ok"
  | "public_tld_only"
  | "single_uri";

/** The provider's API, for calls on a person's behalf. */
export interface ApiHook {
  /** What relative paths lie below: `https://api.example.com/v1`. */
  readonly baseUrl: string;
  /** Other origins that the person's token may be sent to: `https://files.example.com`. Default none. */
  readonly origins?: readonly string[];
  /** Sent unless the caller says otherwise. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the person's token stands. Default `bearer`. Not asked with OAuth 1.0a, where requests are signed. */
  readonly tokenIn?: "bearer" | { readonly header: string } | { readonly query: string };
  /** How a page leads to the next: RFC 8288 `Link: rel="next"` (the default), or what its content says; `null` = the last. */
  readonly paging?: "link" | ((body: unknown, url: URL) => string | null);
}

/** Refreshing, revoking, signing out (hook 14), and what administrators need to know. */
export interface LifecycleHook {
  /**
   * Members of the token response that `restrict`, `profile`, `identity` or `membership` cannot do without: they are kept
   * with the tokens, and are the `tokenResponse` when the person is looked at again. Default none.
   */
  readonly remembers?: readonly string[];
  /**
   * How a refresh token is had and used: `null` = never; what must be asked for, and whether each use gives a new one.
   * The request is that of the code with another grant, in the same shape.
   */
  readonly refresh: {
    readonly scopes?: readonly string[];
    readonly parameters?: Readonly<Record<string, string>>;
    readonly rotates: boolean | "unknown";
    /** Where, when not at the token endpoint. */
    readonly url?: string;
    /** Parameters of the protocol that must not be sent with it, beside those of `tokenRequest`: `["client_secret"]`. */
    readonly omit?: readonly string[];
    /** True = the callback address must be sent again. */
    readonly redirectUri?: true;
  } | null;
  /** `rfc7009` at the discovered or fixed endpoint, a request of its own, or `null` = cannot be revoked. */
  readonly revoke:
    | "rfc7009"
    | ((context: Pick<StepContext, "clientId" | "clientSecret">, token: string) => RequestDescription)
    | null;
  /** RP-initiated logout (`oidc`), an address of its own, or `null` = cannot sign out there. */
  readonly endSession:
    | "oidc"
    | ((input: { readonly clientId: string; readonly returnTo: string }) => string)
    | null;
}

/** What every subject of a place looks like. */
export interface SubjectShape {
  readonly pattern: RegExp;
  readonly example: string;
}

/** What the set-up page and the documentation say. */
export interface SetupGuide {
  /** Where the application is registered: a URL, or words. */
  readonly register: string;
  readonly redirectRules: readonly RedirectRule[];
  /** Failure codes (ours or the provider's) → what to do, in both languages. */
  readonly advice: Readonly<Record<string, LocalizedName>>;
  /** For the generated table. */
  readonly facts: {
    readonly subject: string;
    readonly emailVerified: "yes" | "no" | "sometimes" | "no_email";
  };
}
