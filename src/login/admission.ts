import type { ErrorCode } from "../errors.ts";
import type { InviteErrorCode } from "../invitations/examine-invitation.ts";
import type { ReturningLogin } from "../logout/ended-meanwhile.ts";
import type { MembershipFact } from "../model/membership.ts";
import type { TokenSet } from "../model/token-set.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { Visit } from "../model/visit.ts";
import type { Standing } from "../requests/standing.ts";
import type { Ending } from "../sessions/end-session.ts";

/** Somebody whom a provider vouches for, and what their browser brought along. */
export interface AdmitInput {
  /** Provider instance id. */
  readonly provider: string;
  readonly userInfo: UserInfo;
  /** What the provider answered about memberships. */
  readonly facts: readonly MembershipFact[];
  /** Their session at the provider, and when the browser set out for it. Default: there is nothing to tell of it. */
  readonly returning?: Omit<ReturningLogin, "provider"> | null;
  readonly visit: Visit;
  /** To be kept when they are let in. Default none. */
  readonly tokens?: TokenSet | null;
  /** SHA-256 of the secret of the session that the browser had when it left. Default: the cookie of the visit tells. */
  readonly formerSession?: string | null;
  /** SHA-256 of the token of the invitation that they have accepted. Default none. */
  readonly invitation?: string | null;
  /** SHA-256 of the secret of the owner link that the browser held then. Default: the cookie of the visit tells. */
  readonly ownerLink?: string | null;
}

/** Whether they came in. */
export type Admission =
  | {
      readonly kind: "admitted";
      readonly secret: string;
      readonly userId: string;
      /** The session that this browser had before, now ended. */
      readonly ending: Ending;
      /** True when their request was approved and this is the first time that they enter since. */
      readonly approved: boolean;
    }
  | {
      readonly kind: "refused";
      readonly code:
        | Extract<
            ErrorCode,
            | "not_allowed"
            | "email_unverified"
            | "suspended"
            | "no_role"
            | "ended_at_provider"
            | "pending_approval"
            | "request_declined"
          >
        | InviteErrorCode;
      readonly reason: string;
      readonly reference: string;
      readonly handle: string | null;
      /** Somebody who may ask, or has asked, to be let in; `null` for everyone else. */
      readonly applicant: { readonly userId: string | null; readonly standing: Standing } | null;
    };
