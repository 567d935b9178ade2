import type { AuditEvent } from "../../../model/audit-event.ts";
import type { Identity } from "../../../model/identity.ts";
import type { RoleGrant } from "../../../model/role.ts";
import type { Session } from "../../../model/session.ts";
import type { User } from "../../../model/user.ts";

/** Later than 2^31 seconds and 2^41 milliseconds, odd in its last digit. */
export const NOW = 4_102_444_800_123;

/** What people, providers and attackers write. */
export const ODD_TEXTS = [
  'O\'Brien; drop table "x" --',
  "👩‍🚀 Zoë\u0301",
  "a\\b%c_d\n\t",
  "张伟",
  "𠮷野家",
  "x".repeat(4096),
  "",
];

/** Writes the items in their order, each after the one before. */
export async function each<T>(items: readonly T[], write: (item: T) => Promise<unknown>): Promise<void> {
  for (const item of items) await write(item);
}

/** Only the ids, in the order of the list. */
export async function ids(list: Promise<readonly { readonly id: string }[]>): Promise<string[]> {
  return (await list).map(({ id }) => id);
}

/** `usr_001`: ids that sort as their numbers do. */
export function numbered(prefix: string, n: number): string {
  return `${prefix}_${String(n).padStart(3, "0")}`;
}

export function user(n: number, over: Partial<User> = {}): User {
  return {
    id: numbered("usr", n),
    name: `Ada ${n}`,
    email: `ada${n}@example.com`,
    picture: "https://pictures.example.com/ada",
    status: "active",
    createdAt: NOW,
    lastSignInAt: NOW + 1,
    ...over,
  };
}

export function identity(n: number, over: Partial<Identity> = {}): Identity {
  return {
    id: numbered("idn", n),
    userId: "usr_001",
    provider: "google",
    issuer: "https://accounts.example.com",
    subject: `subject-${n}`,
    handle: `ada${n}`,
    email: `ada${n}@example.com`,
    emailVerified: true,
    createdAt: NOW,
    lastUsedAt: NOW + 1,
    ...over,
  };
}

export function session(n: number, over: Partial<Session> = {}): Session {
  return {
    id: numbered("ses", n),
    userId: "usr_001",
    secretHash: `hash-of-${n}`,
    provider: "google",
    identityId: "idn_001",
    createdAt: NOW,
    authenticatedAt: NOW + 1,
    lastSeenAt: NOW + 2,
    expiresAt: NOW + 3,
    userAgent: "Mozilla/5.0",
    address: "2001:db8::1",
    ...over,
  };
}

export function grant(n: number, role: string, source: RoleGrant["source"] = "direct"): RoleGrant {
  return { userId: numbered("usr", n), role, source, createdAt: NOW, reason: null, expiresAt: null };
}

export function event(n: number, over: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: numbered("aud", n),
    at: NOW + n,
    action: "login.succeeded",
    actor: "usr_001",
    target: "usr_001",
    reference: null,
    reason: "because",
    address: "192.0.2.1",
    detail: { provider: "google" },
    ...over,
  };
}
