import { type Comparison, compareAccess, type KnownPerson } from "../access/compare-access.ts";
import type { AccessPolicy, Arrival } from "../access/decide-access.ts";
import { type AccessExplanation, explainAccess } from "../access/explain-access.ts";
import { knownPeople, knownPerson } from "../access/known-person.ts";
import type { ListedRule, RuleInForce } from "../model/listed-rule.ts";
import type { Runtime } from "../runtime.ts";
import {
  type ChangedRules,
  changeRules,
  type ForeseenRules,
  foreseeRules,
  type RuleChange,
} from "./change-rules.ts";
import type { RuleEdit, RulePlace, RuleWish } from "./edit-rules.ts";

/** Every access rule at one moment. */
export interface RuleList {
  /** What a change must name, so that it overwrites nobody's. */
  readonly version: number;
  /** In the order in which they count: those of the configuration, which are locked, then those of the database. */
  readonly rules: readonly ListedRule[];
  /** Those that count. */
  readonly access: readonly RuleInForce[];
}

/**
 * What can be asked and done about access rules. Those of the configuration come first and cannot be changed here. All
 * changes throw PosternError `rules_changed`, `rule_invalid` (with every problem at its place), `rule_not_found`,
 * `rule_locked`, `permission_denied`, `last_owner`, `would_lock_out`.
 */
export interface RuleVerbs {
  list(): Promise<RuleList>;
  /** Any of the changes below, as data: what `foresee` was asked about. */
  apply(edit: RuleEdit, change: RuleChange): Promise<ChangedRules>;
  /** Adds a rule, behind all others unless a place is told. */
  add(wish: RuleWish & { readonly place?: RulePlace }, change: RuleChange): Promise<ChangedRules>;
  /** Gives a rule another content, or another note. */
  change(id: string, wish: Partial<Omit<RuleWish, "enabled">>, change: RuleChange): Promise<ChangedRules>;
  move(id: string, place: RulePlace, change: RuleChange): Promise<ChangedRules>;
  enable(id: string, change: RuleChange): Promise<ChangedRules>;
  disable(id: string, change: RuleChange): Promise<ChangedRules>;
  remove(id: string, change: RuleChange): Promise<ChangedRules>;
  /** From now on these, in this order; one that names the id of one that is there stays that one. */
  replaceAll(
    rules: readonly (RuleWish & { readonly id?: string })[],
    change: RuleChange,
  ): Promise<ChangedRules>;
  /** What a change would do, without doing it. Throws what it would throw, but not `would_lock_out`. */
  foresee(edit: RuleEdit, change: Pick<RuleChange, "version" | "actor">): Promise<ForeseenRules>;
  /** What other rules would do to everybody who has signed in, one after the other, in the order they came. */
  rehearse(now: AccessPolicy, then: AccessPolicy): AsyncIterable<RehearsedPerson>;
  /** Why somebody may enter or may not, for each of their accounts, as far as it is kept. `null` = there is no such user. */
  explain(userId: string): Promise<readonly ExplainedAccount[] | null>;
}

/** One person, and what other rules would do to them. */
export interface RehearsedPerson extends Comparison {
  readonly person: KnownPerson;
}

/** One of the accounts of a person, and what the rules make of it. */
export interface ExplainedAccount {
  readonly arrival: Arrival;
  readonly explanation: AccessExplanation;
}

/** Binds the verbs about access rules to a runtime. */
export function ruleVerbs(runtime: Runtime): RuleVerbs {
  const { settings, store, policy } = runtime;
  return {
    list: async () => {
      const { version, rules, access } = await policy.latest();
      return { version, rules, access };
    },
    apply: (edit, change) => changeRules(runtime, edit, change),
    add: ({ place, ...wish }, change) =>
      changeRules(runtime, { kind: "add", wish, ...(place !== undefined && { place }) }, change),
    change: (id, wish, change) => changeRules(runtime, { kind: "change", id, wish }, change),
    move: (id, place, change) => changeRules(runtime, { kind: "move", id, place }, change),
    enable: (id, change) => changeRules(runtime, { kind: "enable", id }, change),
    disable: (id, change) => changeRules(runtime, { kind: "disable", id }, change),
    remove: (id, change) => changeRules(runtime, { kind: "remove", id }, change),
    replaceAll: (rules, change) => changeRules(runtime, { kind: "replace", rules }, change),
    foresee: (edit, change) => foreseeRules(runtime, edit, change),
    async *rehearse(now, then) {
      for await (const person of knownPeople(store, settings)) {
        yield { person, ...compareAccess(now, then, person) };
      }
    },
    async explain(userId) {
      const user = await store.users.get(userId);
      if (user === null) return null;
      const { accounts, directRoles } = await knownPerson(store, settings, user);
      const current = await policy.latest();
      return accounts.map((account) => {
        const arrival = { ...account, directRoles };
        return { arrival, explanation: explainAccess(current, arrival) };
      });
    },
  };
}
