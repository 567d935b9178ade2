import type { ErrorCode } from "../errors.ts";
import type { MembershipAnswer } from "../model/membership.ts";
import type { TokenSet } from "../model/token-set.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { LogoutToken } from "../oauth/logout-token.ts";

/** A name in both languages of the pages. */
export interface LocalizedName {
  readonly en: string;
  readonly "zh-CN": string;
}

export interface StartInput {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** The person must sign in there anew, no earlier than this; milliseconds since the epoch. Default: an earlier sign-in counts. */
  readonly freshSince?: number;
  /** The browser's `User-Agent`: some places have another page for their own app. Default `null`. */
  readonly userAgent?: string | null;
}

export interface StartResult {
  /** Where to send the browser. */
  readonly url: URL;
  /** What must be there again in `FinishInput.extra`; may be secret, so it is kept sealed. */
  readonly keep?: Readonly<Record<string, string>>;
}

export interface FinishInput extends StartInput {
  /** The callback's parameters, from its query or its form; already free of doubles. */
  readonly parameters: URLSearchParams;
  /** What `start` wanted to be kept. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** How a sign-in at the provider ended. */
export type FinishResult =
  | {
      readonly kind: "arrived";
      readonly userInfo: UserInfo;
      /** `null` where the place has no token request. */
      readonly tokens: TokenSet | null;
      /** The session that they have there; `null` = there is no ID token to tell of it. */
      readonly sessionThere: SessionThere | null;
      /** Whether the person belongs to what an access rule wants. Asks when it is called, once per question; never throws. */
      belongs(check: string, wanted: string): Promise<MembershipAnswer>;
    }
  | { readonly kind: "cancelled" }
  | {
      readonly kind: "failed";
      readonly code: Extract<
        ErrorCode,
        | "provider_unavailable"
        | "provider_rejected"
        | "provider_untrusted"
        | "clock_skew"
        | "no_identifier"
        | "callback_invalid"
        | "not_allowed"
        | "step_up_failed"
      >;
      /** A stable word for the administrator: `nonce_mismatch`, `timeout`, `invalid_client`. */
      readonly reason: string;
      /** More for the administrator: endpoint, status, milliseconds. No secret, no free text of the provider. */
      readonly detail: Readonly<Record<string, unknown>>;
    };

/** A session at the provider, as an ID token tells of it. */
export interface SessionThere {
  readonly issuer: string;
  readonly subject: string;
  /** `null` = the provider does not tell. */
  readonly sid: string | null;
  /** `auth_time`, in milliseconds since the epoch by the provider's clock; `null` = it does not tell. */
  readonly authenticatedAt: number | null;
  /** The hint that the provider wants when it is to end the session; `null` = too long for an address. Secret. */
  readonly idToken: string | null;
  /** The provider offers to sign people out. */
  readonly canBeEnded: boolean;
  /** The provider announces that it tells of sessions that end. */
  readonly tellsOfItsEnd: boolean;
}

export interface EndSessionInput {
  readonly idToken: string | null;
  /** Where the browser comes back to; registered at the provider. */
  readonly returnTo: string;
  readonly state: string;
}

export interface SignOutThere {
  readonly url: URL;
  /** Whether the state comes back when the person has been signed out. */
  readonly confirms: boolean;
}

/** What became of a logout token. */
export type LogoutReading =
  | { readonly kind: "valid"; readonly token: LogoutToken }
  | {
      readonly kind: "refused";
      readonly code: Extract<FinishResult, { kind: "failed" }>["code"];
      readonly reason: string;
    };

/** What became of tokens that were to be refreshed. */
export type RefreshResult =
  | { readonly kind: "refreshed"; readonly tokens: TokenSet }
  /** The provider no longer knows the refresh token: the person must sign in again. */
  | {
      readonly kind: "gone";
      readonly reason: string;
      readonly detail: Readonly<Record<string, unknown>>;
    }
  | (Extract<FinishResult, { kind: "failed" }> & {
      /** Milliseconds, `null` = the provider does not tell. */
      readonly retryAfter: number | null;
    });

/** One call to a provider's API. */
export interface ApiRequest {
  readonly method: string;
  /** From `resolve`. */
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array | null;
  /** Longer answers are cut off and refused. */
  readonly maxBytes: number;
  /** For the whole exchange, in milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | null;
}

/** What became of a call: an answer, whatever its status, or why there is none. */
export type ApiResult =
  | {
      readonly kind: "answered";
      readonly response: Response;
      /** Milliseconds, when the provider limits how often it may be asked; `undefined` = it does not. */
      readonly limited: { readonly retryAfter: number | null } | null;
    }
  | Extract<FinishResult, { kind: "failed" }>;

/** A provider's API, as far as it may be reached with a person's token. */
export interface ProviderApiDoor {
  /** The address of a relative path, or an absolute one. @throws TypeError when it does not belong to this API */
  resolve(path: string | URL): URL;
  /** Sends it with the person's token. Throws only on a defect of ours. */
  send(request: ApiRequest, tokens: TokenSet): Promise<ApiResult>;
  /** The page after this one, `null` = this was the last. */
  nextPage(body: unknown, response: Response, url: URL): string | null;
}

export interface LookAgainInput {
  /** Of an earlier sign-in, refreshed where that was possible. */
  readonly tokens: TokenSet;
  /** That of the sign-in. */
  readonly redirectUri: string;
  /** True when the ID token among them was had just now: then it tells everything itself. */
  readonly isNew: boolean;
}

/** What a provider says of somebody who is not at the screen. */
export type LookAgainResult =
  | (Pick<Extract<FinishResult, { kind: "arrived" }>, "userInfo" | "belongs"> & { readonly kind: "seen" })
  /** They may not come from there any more: the provider, or what the definition demands, says so. */
  | { readonly kind: "left"; readonly reason: string }
  /** The person's token is not taken, although its time is not up. */
  | { readonly kind: "refused"; readonly reason: string }
  /** There is nothing to ask with, or nothing that would tell more than is known: they are asked when they sign in. */
  | { readonly kind: "needs_a_sign_in"; readonly reason: string }
  /** It cannot be found out now. */
  | { readonly kind: "untold"; readonly reason: string };

/**
 * A place to sign in, ready to be used: what `login/` works with. Made by `connect` from a definition.
 */
export interface Provider {
  /** Instance id: `google`, `corp`. Lower case letters, digits, hyphen. */
  readonly id: string;
  readonly name: LocalizedName;
  /** The mark on its button: SVG path data for a 24×24 box, drawn with `currentColor`. */
  readonly mark: string;
  readonly clientId: string;
  /** The issuer that transactions are bound to. */
  readonly issuer: string;
  /** `form_post` needs a transaction cookie that survives a cross-site POST. */
  readonly responseMode: "query" | "form_post";
  /** Whether the person's tokens are kept. */
  readonly keepsTokens: boolean;
  /**
   * What vouches for it that somebody has just signed in there: the `auth_time` of the ID token, or, where there is
   * none, no more than that they have been there and back.
   */
  readonly freshness: "auth_time" | "round_trip";
  /** Origins that the sign-in form may lead to, for the page's `form-action`. Never throws; waits two seconds at most. */
  formActionOrigins(): Promise<readonly string[]>;
  /** Where to send the browser. @throws PosternError `provider_…` when what that needs cannot be had: discovery, a temporary token. */
  start(input: StartInput): Promise<StartResult>;
  /** Exchanges the code and finds out who has arrived. Throws only on a defect of ours. */
  finish(input: FinishInput): Promise<FinishResult>;
  /** Where the browser goes to be signed out there; `null` = not offered, or it cannot be asked. Waits two seconds at most. */
  signOut(input: EndSessionInput): Promise<SignOutThere | null>;
  /** Whether it announces that it tells of sessions that end (Back-Channel Logout §2.1). Never throws. */
  tellsOfLogouts(): Promise<boolean>;
  /** Verifies what it tells of a session that ended. Throws only on a defect of ours. */
  readLogout(token: string): Promise<LogoutReading>;
  /** Makes tokens worthless there, where that is possible; answers why it could not be done. Throws only on a defect of ours. */
  revoke(tokens: TokenSet): Promise<{ readonly code: ErrorCode; readonly reason: string } | null>;
  /** Whether a refresh token may be used once only, as far as is known; `null` = there is none. */
  readonly refreshToken: "once" | "again" | null;
  /** Asks for new tokens, once. `redirectUri` is that of the sign-in. Throws only on a defect of ours. */
  refresh(tokens: TokenSet, redirectUri: string): Promise<RefreshResult>;
  /** How its API is called with somebody's token; `null` = where it is, is not known. */
  readonly api: ProviderApiDoor | null;
  /** Asks once more about somebody, with the tokens that are kept of them. Throws only on a defect of ours. */
  lookAgain(input: LookAgainInput): Promise<LookAgainResult>;
  /** Whether it could not be reached three times or more in the last five minutes. */
  isTroubled(): boolean;
  /** Whether one of its hosts has failed so often that it is not asked at the moment. */
  isCutOff(): boolean;
  /** Ends idle connections. */
  close(): Promise<void>;
}
