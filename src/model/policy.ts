import type { StoredRole, StoredRoleWriter } from "./stored-role.ts";
import type { StoredRule, StoredRuleWriter } from "./stored-rule.ts";

/** What administrators have decided about who may do what, kept in the database. */
export interface StoredPolicy {
  /** Another number after every change. */
  readonly version: number;
  /** By name. */
  readonly roles: readonly StoredRole[];
  /** In the order in which they count. */
  readonly rules: readonly StoredRule[];
}

export interface PolicyReader {
  version(): Promise<number>;
  /** Never older than the version that it tells. */
  read(): Promise<StoredPolicy>;
}

export interface PolicyWriter extends PolicyReader {
  /**
   * Nobody changes the policy until this transaction ends: what it decides by it is true when it commits. Any number may
   * hold it at once. To be taken before any other lock.
   */
  hold(): Promise<void>;
  /**
   * Waits until nobody else holds the policy, makes its version another one, and answers what writes it: there is no
   * other way to write it, so that no change goes unnoticed. To be taken before any other lock, and not after `hold`.
   */
  change(): Promise<PolicyChange>;
}

/** What belongs to the policy. */
export interface PolicyChange {
  readonly roles: StoredRoleWriter;
  readonly rules: StoredRuleWriter;
}
