import type { UserInfo } from "../../model/user-info.ts";
import { checkSubject } from "../../oauth/subject.ts";
import type { Profile } from "../definition.ts";

/**
 * Makes what a mapping found safe to keep: texts are cleaned and capped, an address that is none becomes `null`.
 * Nothing that could be taken for somebody else is repaired: a handle or e-mail with invisible characters is dropped.
 * @throws OAuthFailure `no_identifier`
 */
export function toUserInfo(profile: Profile, issuer: string): UserInfo {
  const email = readEmail(profile.email);
  return {
    issuer,
    subject: checkSubject(Number.isSafeInteger(profile.subject) ? String(profile.subject) : profile.subject),
    handle: readHandle(profile.handle),
    name: readName(profile.name),
    email,
    emailVerified: email === null ? null : (profile.emailVerified ?? null),
    picture: readPicture(profile.picture),
    claims: profile.claims,
  };
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
