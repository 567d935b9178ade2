import type { ErrorCode } from "../errors.ts";
import type { MembershipAnswer } from "../model/membership.ts";
import type { TokenSet } from "../model/token-set.ts";
import type { UserInfo } from "../model/user-info.ts";

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
      >;
      /** A stable word for the administrator: `nonce_mismatch`, `timeout`, `invalid_client`. */
      readonly reason: string;
      /** More for the administrator: endpoint, status, milliseconds. No secret, no free text of the provider. */
      readonly detail: Readonly<Record<string, unknown>>;
    };

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
  /** Origins that the sign-in form may lead to, for the page's `form-action`. Never throws; waits two seconds at most. */
  formActionOrigins(): Promise<readonly string[]>;
  /** Where to send the browser. @throws PosternError `provider_…` when what that needs cannot be had: discovery, a temporary token. */
  start(input: StartInput): Promise<StartResult>;
  /** Exchanges the code and finds out who has arrived. Throws only on a defect of ours. */
  finish(input: FinishInput): Promise<FinishResult>;
  /** Whether it could not be reached three times or more in the last five minutes. */
  isTroubled(): boolean;
  /** Ends idle connections. */
  close(): Promise<void>;
}
