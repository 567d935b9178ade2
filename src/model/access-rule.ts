import type { MembershipQuestion } from "./membership.ts";
import type { RoleName } from "./role.ts";

/** What a rule looks at. All given fields must hold. An e-mail counts only when the provider verified it. */
export interface AccessCondition {
  /** The whole address, folded case. */
  readonly email?: string;
  /** The part after the `@`, exact: sub-domains do not count. */
  readonly emailDomain?: string;
  /** Provider instance id. */
  readonly provider?: string;
  /**
   * Under a provider's id: where people must belong there, by the words of that provider: `{ github: { team:
   * "acme/ops" } }`. Asked only when everything else holds. A provider that cannot tell lets nobody in.
   */
  readonly [providerId: string]: string | Readonly<Record<string, string>> | undefined;
}

/** What a condition asks a provider about the person: the one they must come from, the check, and what it must find. */
export interface MembershipCondition extends MembershipQuestion {
  readonly provider: string;
}

/** The membership questions of a condition, in the order they are written. */
export function membershipsOf(when: AccessCondition): readonly MembershipCondition[] {
  return Object.entries(when).flatMap(([provider, checks]) =>
    typeof checks === "object"
      ? Object.entries(checks).map(([check, wanted]) => ({ provider, check, wanted }))
      : [],
  );
}

/** First match wins; where none matches, nobody enters. */
export type AccessRule =
  | { readonly when: AccessCondition; readonly then: "allow"; readonly roles?: readonly RoleName[] }
  | { readonly when: AccessCondition; readonly then: "deny" };
