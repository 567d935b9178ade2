import type { EmailVerified } from "./identity.ts";

/** What a provider told about a person, in one shape for all providers. */
export interface UserInfo {
  /** Issuer or tenant that vouches for the subject. */
  readonly issuer: string;
  /** The provider's id for the person, always a string. */
  readonly subject: string;
  readonly handle: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly emailVerified: EmailVerified;
  readonly picture: string | null;
  /** Groups as the provider names them, `null` when it does not tell. */
  readonly groups: readonly string[] | null;
  /** Other ids of this person at the same issuer: an identity kept under one of them is theirs. */
  readonly subjectAliases: readonly string[];
  /** What the provider said, as it said it; rules may look into it. Never shown to other people. */
  readonly claims: Readonly<Record<string, unknown>>;
}
