import type { MembershipQuestion } from "./membership.ts";
import type { RoleName } from "./role.ts";

/** What a claim is compared with: exactly, type and case included. */
export type ClaimValue = string | number | boolean;

/**
 * Looks into what the provider said about the person. The path is written `realm_access.roles`, or name by name where a
 * name holds a dot itself: `["https://acme.example/roles"]`. A claim that is absent, `null` or of another type cannot
 * be told.
 */
export type ClaimCondition = { readonly path: string | readonly string[] } & (
  | { readonly equals: ClaimValue }
  | { readonly in: readonly ClaimValue[] }
  /** The claim is a list and holds the value. */
  | { readonly contains: ClaimValue }
  /** The claim is a text of this form: `*` stands for any characters or none, `?` for one. */
  | { readonly matches: string }
);

/** What a rule looks at. All given fields must hold. An e-mail counts only when the provider verified it. */
export interface AccessCondition {
  /** The whole address, folded case. */
  readonly email?: string;
  /** The part after the `@`, exact: sub-domains count only with `subdomains`. */
  readonly emailDomain?: string;
  /** With `emailDomain`: true = its sub-domains count too. Default false. */
  readonly subdomains?: boolean;
  /** Provider instance id. */
  readonly provider?: string;
  /** The issuer that vouches for the person, exactly; or the tenant's id alone, with `provider`. */
  readonly tenant?: string;
  readonly claim?: ClaimCondition;
  /** Each of these holds. */
  readonly all?: readonly AccessCondition[];
  /** One of these holds. */
  readonly any?: readonly AccessCondition[];
  /** This does not hold; what cannot be told stays untold. */
  readonly not?: AccessCondition;
  /**
   * Under a provider's id: where people must belong there, by the words of that provider: `{ github: { team:
   * "acme/ops" } }`. Asked only when everything else holds. A provider that cannot tell lets nobody in.
   */
  readonly [providerId: string]:
    | string
    | boolean
    | Readonly<Record<string, string>>
    | ClaimCondition
    | AccessCondition
    | readonly AccessCondition[]
    | undefined;
}

/** The words of a condition; every other word is the id of a provider. */
export const CONDITION_WORDS = [
  "email",
  "emailDomain",
  "subdomains",
  "provider",
  "tenant",
  "claim",
  "all",
  "any",
  "not",
] as const;
export type ConditionWord = (typeof CONDITION_WORDS)[number];

/** True for a word of conditions, false for what may be the id of a provider. */
export function isConditionWord(key: string): key is ConditionWord {
  return (CONDITION_WORDS as readonly string[]).includes(key);
}

/** What a condition asks a provider about the person: the one they must come from, the check, and what it must find. */
export interface MembershipCondition extends MembershipQuestion {
  readonly provider: string;
}

/** The membership questions of a condition and of those inside it, in the order they are written. */
export function membershipsOf(when: AccessCondition): readonly MembershipCondition[] {
  return Object.entries(when).flatMap(([key, value]): readonly MembershipCondition[] => {
    if (typeof value !== "object" || value === null) return [];
    if (key === "all" || key === "any")
      return Array.isArray(value) ? value.flatMap((inner) => membershipsOf(inner)) : [];
    if (key === "not") return membershipsOf(value as AccessCondition);
    if (isConditionWord(key)) return [];
    return Object.entries(value).map(([check, wanted]) => ({ provider: key, check, wanted }));
  });
}

/**
 * First match wins; where none matches, nobody enters. `ask` = nobody enters by this rule, but an administrator may
 * let them in by giving them a role.
 */
export type AccessRule =
  | { readonly when: AccessCondition; readonly then: "allow"; readonly roles?: readonly RoleName[] }
  | { readonly when: AccessCondition; readonly then: "deny" | "ask" };

export type AccessOutcome = AccessRule["then"];
