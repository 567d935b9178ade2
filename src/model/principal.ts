import type { Permission, RoleName } from "./role.ts";

/** The person behind a request, as guards and handlers see them. */
export interface PrincipalUser {
  /** `usr_…` */
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly picture: string | null;
  /** As granted, without the roles that they include. */
  readonly roles: readonly RoleName[];
  readonly permissions: readonly Permission[];
}

/** The session behind a request. Times are RFC 3339 in UTC. */
export interface PrincipalSession {
  /** `ses_…` */
  readonly id: string;
  readonly createdAt: string;
  /** When the provider last vouched for the person: at the sign-in, or at a step-up since. */
  readonly authenticatedAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly provider: string;
}

/** The API key behind a request. */
export interface PrincipalApiKey {
  /** `key_…` */
  readonly id: string;
  readonly name: string;
  /** RFC 3339 in UTC. */
  readonly expiresAt: string;
}

/** A machine that asks with a key of this person. */
export interface KeyPrincipal {
  /**
   * Whose key it is. `roles` is empty, since roles are for people; `permissions` are those of the key that the person has
   * as well.
   */
  readonly user: PrincipalUser;
  readonly apiKey: PrincipalApiKey;
  readonly session?: undefined;
}

/** Whom a guard with `apiKeys` lets pass; `session` or `apiKey` tells which. */
export type Caller = (Principal & { readonly apiKey?: undefined }) | KeyPrincipal;

/** Who asks: a person and the session they came with. Frozen: it is shared between requests. */
export interface Principal {
  readonly user: PrincipalUser;
  readonly session: PrincipalSession;
}

/** What `GET /auth/session` tells a front end. */
export interface PrincipalDocument {
  readonly user: PrincipalUser;
  readonly session: Omit<PrincipalSession, "authenticatedAt">;
}
