import type { RoleName } from "./role.ts";

/** What a rule looks at. All given fields must hold. An e-mail counts only when the provider verified it. */
export interface AccessCondition {
  /** The whole address, folded case. */
  readonly email?: string;
  /** The part after the `@`, exact: sub-domains do not count. */
  readonly emailDomain?: string;
  /** Provider instance id. */
  readonly provider?: string;
}

/** First match wins; where none matches, nobody enters. */
export type AccessRule =
  | { readonly when: AccessCondition; readonly then: "allow"; readonly roles?: readonly RoleName[] }
  | { readonly when: AccessCondition; readonly then: "deny" };
