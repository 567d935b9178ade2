import { isPermissionKey, isRoleName } from "../model/role.ts";
import { readTitle, TITLE_LANGUAGES, type Title } from "../model/title.ts";
import { nearest } from "../web/nearest.ts";
import type {
  CarriedDefinition,
  CarriedGrant,
  CarriedIdentity,
  CarriedRole,
  CarriedUser,
  RowProblem,
  TransferRecord,
} from "./transfer-record.ts";

type Fields = Readonly<Record<string, unknown>>;
type Read = { readonly record: TransferRecord } | { readonly problem: RowProblem };

const USER = [
  "type",
  "id",
  "name",
  "email",
  "picture",
  "status",
  "createdAt",
  "lastSignInAt",
  "identities",
  "roles",
  "derivedRoles",
];
const IDENTITY = [
  "provider",
  "issuer",
  "subject",
  "handle",
  "email",
  "emailVerified",
  "createdAt",
  "lastUsedAt",
];
const WAITING = ["type", "who", "roles", "reason"];
const ROLE = ["role", "createdAt", "expiresAt", "reason"];
const DEFINITION = ["type", "name", "title", "permissions", "createdAt"];
/** Nobody has more; a line with ten thousand is an attack or a mistake. */
const MOST_IDENTITIES = 100;
const MOST_ROLES = 100;
const MOST_PERMISSIONS = 1000;

/** Thrown and caught in this file only. */
class Wrong extends Error {
  readonly problem: RowProblem;
  constructor(problem: RowProblem) {
    super(problem.code);
    this.problem = problem;
  }
}

/**
 * Reads one record that came from outside. Takes exactly the fields that it knows, as they would have come from a
 * provider: nothing that a sign-in would not have kept gets in this way.
 */
export function readRecord(value: unknown): Read {
  try {
    const fields = fieldsOf(value, null);
    if (own(fields, "type") === "waiting") return { record: readGrant(fields) };
    if (own(fields, "type") === "user") return { record: readUser(fields) };
    if (own(fields, "type") === "role") return { record: readDefinition(fields) };
    throw new Wrong({ code: "not_a_record" });
  } catch (error) {
    if (error instanceof Wrong) return { problem: error.problem };
    throw error;
  }
}

function readUser(fields: Fields): CarriedUser {
  allow(fields, USER);
  const identities = list(fields, "identities", MOST_IDENTITIES).map(readIdentity);
  const keys = identities.map((one) => JSON.stringify([one.provider, one.issuer, one.subject]));
  if (new Set(keys).size < keys.length) throw new Wrong({ code: "identity_twice" });
  const status = own(fields, "status") ?? "active";
  if (status !== "active" && status !== "suspended") throw invalid("status");
  const id = text(fields, "id", /^usr_[0-9a-hjkmnp-tv-z]{26}$/u);
  if (id === null && identities.length === 0) throw new Wrong({ code: "not_recognisable" });
  return {
    kind: "user",
    id,
    name: text(fields, "name", LINE, 256),
    email: text(fields, "email", EMAIL, 254),
    picture: picture(fields),
    status,
    createdAt: time(fields, "createdAt"),
    lastSignInAt: time(fields, "lastSignInAt"),
    identities,
    roles: readRoles(fields),
    derivedRoles: [],
  };
}

function readGrant(fields: Fields): CarriedGrant {
  allow(fields, WAITING);
  const who = text(fields, "who", LINE, 400);
  if (who === null) throw new Wrong({ code: "not_recognisable" });
  return { kind: "waiting", who, roles: readRoles(fields), reason: text(fields, "reason", WORDS, 2000) };
}

function readDefinition(fields: Fields): CarriedDefinition {
  allow(fields, DEFINITION);
  const name = own(fields, "name");
  if (!isRoleName(name)) throw invalid("name");
  const permissions = list(fields, "permissions", MOST_PERMISSIONS);
  if (!permissions.every(isPermissionKey)) throw invalid("permissions");
  return {
    kind: "role",
    name,
    title: title(fields),
    permissions: [...new Set(permissions)].sort(),
    createdAt: time(fields, "createdAt"),
  };
}

function title(fields: Fields): Title | null {
  const value = own(fields, "title") ?? null;
  if (value === null) return null;
  if (typeof value !== "string") allow(fieldsOf(value, "title"), TITLE_LANGUAGES);
  const read = readTitle(value);
  if (read === null) throw invalid("title");
  return read;
}

function readIdentity(value: unknown): CarriedIdentity {
  const fields = fieldsOf(value, "identities");
  allow(fields, IDENTITY);
  const emailVerified = own(fields, "emailVerified") ?? null;
  if (emailVerified !== null && typeof emailVerified !== "boolean") throw invalid("emailVerified");
  return {
    provider: required(fields, "provider", /^[\x21-\x7e]{1,100}$/),
    issuer: required(fields, "issuer", /^[\x21-\x7e]{1,2048}$/),
    // As `checkSubject` of a sign-in has it.
    subject: required(fields, "subject", /^[\x20-\x7e]{1,255}$/),
    handle: text(fields, "handle", LINE, 255),
    email: text(fields, "email", EMAIL, 254),
    emailVerified,
    createdAt: time(fields, "createdAt"),
    lastUsedAt: time(fields, "lastUsedAt"),
  };
}

function readRoles(fields: Fields): readonly CarriedRole[] {
  const roles = list(fields, "roles", MOST_ROLES).map((value): CarriedRole => {
    if (typeof value === "string") return { role: value, createdAt: null };
    const role = fieldsOf(value, "roles");
    allow(role, ROLE);
    const expiresAt = time(role, "expiresAt");
    const reason = text(role, "reason", WORDS, 2000);
    return {
      role: required(role, "role", /^[\x21-\x7e]{1,64}$/),
      createdAt: time(role, "createdAt"),
      ...(expiresAt !== null && { expiresAt }),
      ...(reason !== null && { reason }),
    };
  });
  return roles.filter(({ role }, index) => roles.findIndex((one) => one.role === role) === index);
}

/** No control or format character, with which a name could pass for another (as at a sign-in). */
const LINE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;
const WORDS = /^(?:[^\p{Cc}]|[\n\t])+$/u;
const EMAIL = /^[^\s@\p{Cc}\p{Cf}]+@[^\s@\p{Cc}\p{Cf}]+$/u;

function text(fields: Fields, name: string, shape: RegExp, longest = 2048): string | null {
  const value = own(fields, name) ?? null;
  if (value === null || value === "") return null;
  if (typeof value !== "string" || value.length > longest || !value.isWellFormed() || !shape.test(value))
    throw invalid(name);
  return value;
}

function required(fields: Fields, name: string, shape: RegExp): string {
  const value = text(fields, name, shape);
  if (value === null) throw invalid(name);
  return value;
}

function picture(fields: Fields): string | null {
  const value = text(fields, "picture", /^https:/);
  if (value === null) return null;
  const url = URL.parse(value);
  if (url === null || url.username !== "" || url.password !== "") throw invalid("picture");
  return value;
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function time(fields: Fields, name: string): number | null {
  const written = text(fields, name, RFC_3339);
  if (written === null) return null;
  const at = Date.parse(written);
  // Ids hold 48 bits of time.
  if (Number.isNaN(at) || at < 0 || at >= 2 ** 48) throw invalid(name);
  return at;
}

function list(fields: Fields, name: string, most: number): readonly unknown[] {
  const value = own(fields, name) ?? [];
  if (!Array.isArray(value) || value.length > most) throw invalid(name);
  return value;
}

function fieldsOf(value: unknown, about: string | null): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw about === null ? new Wrong({ code: "not_a_record" }) : invalid(about);
}

/** Nothing that is inherited, and nothing that is called `__proto__`. */
function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function allow(fields: Fields, known: readonly string[]): void {
  for (const name of Object.keys(fields)) {
    if (known.includes(name)) continue;
    throw new Wrong({ code: "unknown_field", about: name, guess: nearest(name, known) });
  }
}

function invalid(about: string): Wrong {
  return new Wrong({ code: "invalid", about });
}
