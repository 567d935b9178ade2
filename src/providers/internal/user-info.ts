import type { UserInfo } from "../../model/user-info.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import { checkSubject } from "../../oauth/subject.ts";
import type { Profile } from "../definition.ts";

/**
 * Makes what a mapping found safe to keep: texts are cleaned and capped, an address that is none becomes `null`.
 * Nothing that could be taken for somebody else is repaired: a handle or e-mail with invisible characters is dropped.
 * @throws OAuthFailure `no_identifier`
 */
export function toUserInfo(profile: Profile, issuer: string, trustEmail = false): UserInfo {
  const email = readEmail(profile.email);
  const subject = checkSubject(asText(profile.subject));
  return {
    issuer: withTenant(issuer, profile),
    subject,
    handle: readHandle(profile.handle),
    name: readName(profile.name),
    email,
    emailVerified: email === null ? null : (profile.emailVerified ?? (trustEmail ? true : null)),
    picture: readPicture(profile.picture),
    groups: readGroups(profile.groups),
    subjectAliases: readAliases(profile.subjectAliases, subject),
    claims: profile.claims,
  };
}

// Ids come as numbers or as texts; both are the same id.
function asText(value: unknown): unknown {
  return Number.isSafeInteger(value) ? String(value) : value;
}

// Issuers have no fragment (OpenID Connect Core §1.2), so no issuer of another place can look like this one.
function withTenant(issuer: string, profile: Profile): string {
  if (!Object.hasOwn(profile, "tenant")) return issuer;
  const tenant = asText(profile.tenant);
  // Without it the subject could be somebody else's in another tenant.
  if (typeof tenant !== "string" || !/^[\x21-\x7e]{1,128}$/.test(tenant)) {
    throw new OAuthFailure("no_identifier", "tenant_missing");
  }
  return `${issuer}#${tenant}`;
}

const MOST_GROUPS = 2000;

function readGroups(groups: readonly unknown[] | null | undefined): readonly string[] | null {
  if (!Array.isArray(groups)) return null;
  const names = groups.filter((name) => typeof name === "string" && name !== "" && name.length <= 512);
  return names.slice(0, MOST_GROUPS);
}

// An alias that cannot be an id is none: it is only a second way to be recognised.
function readAliases(aliases: readonly unknown[] | undefined, subject: string): readonly string[] {
  const texts = (aliases ?? []).map(asText).filter((alias) => typeof alias === "string");
  return [...new Set(texts)].filter((alias) => alias !== subject && /^[\x20-\x7e]{1,255}$/.test(alias));
}

// Control characters, and format characters such as direction overrides and zero-width spaces.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const EMAIL = /^[^\s@]+@[^\s@]+$/u;

function readEmail(value: unknown): string | null {
  if (typeof value !== "string" || value.length > 254) return null;
  return EMAIL.test(value) && !INVISIBLE.test(value) && value.isWellFormed() ? value : null;
}

function readHandle(value: unknown): string | null {
  if (typeof value !== "string" || value === "" || value.length > 255) return null;
  return !INVISIBLE.test(value) && value.isWellFormed() ? value : null;
}

function readName(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const visible = value.slice(0, 1024).toWellFormed().replaceAll(new RegExp(INVISIBLE, "gu"), "").trim();
  return [...visible].slice(0, 128).join("") || null;
}

function readPicture(value: unknown): string | null {
  if (typeof value !== "string" || value.length > 2048) return null;
  const url = URL.parse(value);
  return url?.protocol === "https:" && url.username === "" && url.password === "" ? url.href : null;
}
