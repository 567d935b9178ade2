import { lockRank, rankOf } from "../access/actor-rights.ts";
import { type Policy, policyOf, vocabularyOf } from "../access/live-policy.ts";
import { newId } from "../crypto/random.ts";
import { PosternError } from "../errors.ts";
import type { StoredPolicy } from "../model/policy.ts";
import type { StoredRule } from "../model/stored-rule.ts";
import type { Runtime } from "../runtime.ts";
import { requireSoundEdit } from "./check-edit.ts";
import { editRules, type RuleEdit } from "./edit-rules.ts";
import { requireMayEditRules } from "./editor-rights.ts";
import { foreseeLockOut, type LockOut, refuseLockOut } from "./lock-out.ts";
import { ruleEvent } from "./rule-event.ts";

type Uses = Pick<Runtime, "settings" | "store" | "now">;

/** Who changes the rules, and what they have seen of them. */
export interface RuleChange {
  /** The version of the list that they have looked at: what somebody else has changed since is not overwritten. */
  readonly version: number;
  /** A user id, whose right is checked; or the name of what does it, such as `job:nightly`, which needs none. */
  readonly actor: string;
  /** Why, in their own words. */
  readonly reason?: string;
  /**
   * True = also when it is then no longer certain that whoever does it, or an owner, can come in. Never when no owner
   * is certain to. Default false.
   */
  readonly confirmed?: boolean;
}

/** What a change has made of the list. */
export interface ChangedRules {
  /** False when everything was so already. */
  readonly changed: boolean;
  /** For the next change. */
  readonly version: number;
  /** The rule that it was about; `null` for a whole list. */
  readonly id: string | null;
}

/** What a change would make of the list. */
export interface ForeseenRules {
  readonly now: Policy;
  readonly then: Policy;
  readonly changed: boolean;
  readonly lockOut: LockOut;
}

/**
 * Changes the rules of the database. They count at once, everywhere; the roles that they give are derived at the next
 * sign-in of everybody, and no session ends by it.
 * @throws PosternError `rules_changed`, `rule_invalid`, `rule_not_found`, `rule_locked`, `permission_denied`,
 * `last_owner`, `would_lock_out`
 */
export async function changeRules(runtime: Uses, edit: RuleEdit, change: RuleChange): Promise<ChangedRules> {
  const { actor, reason, confirmed = false } = change;
  try {
    return await runtime.store.transaction(async (tx) => {
      // In this order everywhere: the policy, the row of a user, the owners.
      const { rules: writer } = await tx.policy.change();
      const rank = await lockRank(tx, actor);
      await tx.grants.lockOwners();
      const stored = await tx.policy.read();
      const { version } = stored;
      // This transaction has counted one on.
      requireSeen(change.version, version - 1);
      const after = planEdit(runtime, stored, edit, actor);
      requireMayEditRules(rank, stored.rules, after);
      if (after === stored.rules) throw new NothingChanged();

      const { settings } = runtime;
      const policies = [policyOf(settings, stored), policyOf(settings, { ...stored, rules: after })] as const;
      const lockOut = await foreseeLockOut(tx, settings, ...policies, actor);
      refuseLockOut(lockOut, confirmed);
      await writer.replaceAll(after);
      const event = ruleEvent(
        { edit, before: stored.rules, after, version, lockOut },
        runtime.now(),
        actor,
        reason,
      );
      await tx.audit.insert(event);
      return { changed: true, version, id: event.target };
    });
  } catch (error) {
    if (!(error instanceof NothingChanged)) throw error;
    return { changed: false, version: change.version, id: "id" in edit ? edit.id : null };
  }
}

/**
 * What a change would do, without doing it. Refuses what it would refuse, except what a confirmation is enough for.
 * @throws as `changeRules` does
 */
export async function foreseeRules(
  runtime: Uses,
  edit: RuleEdit,
  { version, actor }: Pick<RuleChange, "version" | "actor">,
): Promise<ForeseenRules> {
  const { settings, store } = runtime;
  const stored = await store.policy.read();
  requireSeen(version, stored.version);
  const after = planEdit(runtime, stored, edit, actor);
  requireMayEditRules(await rankOf(store, actor), stored.rules, after);
  const now = policyOf(settings, stored);
  const then = policyOf(settings, { ...stored, rules: after });
  const lockOut = await foreseeLockOut(store, settings, now, then, actor);
  refuseLockOut(lockOut, true);
  return { now, then, changed: after !== stored.rules, lockOut };
}

/** Takes the transaction back, and with it the version that it has begun. */
class NothingChanged extends Error {}

function requireSeen(seen: number, version: number): void {
  if (seen === version) return;
  throw new PosternError(
    "rules_changed",
    "Somebody else has changed the rules or roles meanwhile. Look at them again.",
  );
}

function planEdit(
  { settings, now }: Uses,
  stored: StoredPolicy,
  edit: RuleEdit,
  actor: string,
): readonly StoredRule[] {
  const { roles } = policyOf(settings, stored);
  requireSoundEdit(edit, {
    rules: stored.rules,
    configured: settings.access.length,
    vocabulary: vocabularyOf(settings, roles),
  });
  return editRules(stored.rules, edit, { now: now(), actor, newId: () => newId("rul_", now()) });
}
