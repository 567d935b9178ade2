import type { UserInfo } from "../model/user-info.ts";
import { OAuthFailure } from "../oauth/oauth-failure.ts";
import type { Profile, ProviderDefinition, Sources } from "../providers/definition.ts";
import { toUserInfo } from "../providers/internal/user-info.ts";
import { type Leaf, leavesOf } from "./leaves.ts";

/** What a mapping makes of a person, field by field. */
export const FIELDS = ["subject", "handle", "name", "email", "emailVerified", "picture", "groups"] as const;
export type FieldName = (typeof FIELDS)[number];

/** `missing` = the provider did not say; `dropped` = it did, but it cannot be kept; the last two are about `emailVerified`. */
export type FieldNote = "missing" | "dropped" | "unverified" | "unknown";

export interface InspectedField {
  readonly field: FieldName;
  /** As it would be kept; `null` = nothing. */
  readonly value: UserInfo[FieldName] | null;
  readonly note: FieldNote | null;
  /** Where the same value stands in the sample. */
  readonly from: readonly string[];
}

export interface RawField extends Leaf {
  /** The fields that came from it. */
  readonly mappedTo: readonly FieldName[];
}

export interface InspectedMembership {
  readonly check: string;
  readonly example: string;
  readonly groups: readonly string[] | null;
}

export interface Inspection {
  readonly raw: readonly RawField[];
  readonly fields: readonly InspectedField[];
  readonly issuer: string | null;
  readonly subjectAliases: readonly string[];
  /** What access rules can ask, and the groups that the sample tells of it; `null` = the provider must be asked. */
  readonly memberships: readonly InspectedMembership[];
  /** Who would arrive; `null` = nobody could be recognised, and `reason` says why. */
  readonly userInfo: UserInfo | null;
  /** `subject_missing`, `subject_invalid`, `tenant_missing`. */
  readonly reason: string | null;
  /** The definition's word for "may not come from here": `hosted_domain`. */
  readonly restriction: string | null;
}

/** Runs the mapping of a provider over saved answers, as a sign-in would, and asks nobody. */
export function inspectSample(definition: ProviderDefinition, sources: Sources): Inspection {
  const profile = definition.profile(sources);
  const leaves = leavesOf(sources);
  const { userInfo, reason } = arrive(definition, sources, profile);
  // Without an id the rest is still worth seeing.
  const shown = userInfo ?? rest(definition, profile);
  const fields = FIELDS.map((field) => inspectField(field, { userInfo, shown, profile, leaves }));
  return {
    raw: leaves.map((leaf) => ({
      ...leaf,
      mappedTo: fields.filter(({ from }) => from.includes(leaf.path)).map(({ field }) => field),
    })),
    fields,
    issuer: userInfo?.issuer ?? null,
    subjectAliases: userInfo?.subjectAliases ?? [],
    memberships: Object.entries(definition.membership ?? {}).map(([check, asked]) => ({
      check,
      example: asked.example,
      groups: asked.fromSources?.(sources) ?? null,
    })),
    userInfo,
    reason,
    restriction: definition.restrict(sources),
  };
}

function arrive(
  definition: ProviderDefinition,
  sources: Sources,
  profile: Profile,
): Pick<Inspection, "userInfo" | "reason"> {
  const issuer =
    definition.issuerTemplate === undefined ? definition.issuer : String(sources.idToken?.iss ?? "");
  try {
    return { userInfo: toUserInfo(profile, issuer, definition.trustEmail ?? false), reason: null };
  } catch (error) {
    if (error instanceof OAuthFailure) return { userInfo: null, reason: error.reason };
    throw error;
  }
}

function rest({ issuer, trustEmail = false }: ProviderDefinition, profile: Profile): UserInfo {
  const { tenant: _, ...others } = profile;
  return toUserInfo({ ...others, subject: "nobody" }, issuer, trustEmail);
}

interface Mapped {
  readonly userInfo: UserInfo | null;
  readonly shown: UserInfo;
  readonly profile: Profile;
  readonly leaves: readonly Leaf[];
}

function inspectField(field: FieldName, { userInfo, shown, profile, leaves }: Mapped): InspectedField {
  const value = field === "subject" ? (userInfo?.subject ?? null) : shown[field];
  const given = profile[field];
  const from = leaves.filter((leaf) => comesFrom(field, leaf, given)).map(({ path }) => path);
  return { field, value, note: noteOf(field, value, given), from };
}

function noteOf(field: FieldName, value: unknown, given: unknown): FieldNote | null {
  if (field === "emailVerified") return value === true ? null : value === false ? "unverified" : "unknown";
  if (value !== null) return null;
  return given === undefined || given === null || given === "" ? "missing" : "dropped";
}

/** Found again by its value: a mapping is a function and does not tell where it looked. */
function comesFrom(field: FieldName, { path, value }: Leaf, given: unknown): boolean {
  if (value === null || value === "" || given === undefined || given === null) return false;
  if (field === "emailVerified") return /verified|confirmed|primary/i.test(path.split(".").at(-1) ?? "");
  if (Array.isArray(given)) return given.some((one) => String(one) === String(value));
  return typeof value !== "boolean" && String(given) === String(value);
}
