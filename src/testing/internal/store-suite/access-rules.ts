import { describe, expect, test } from "vitest";
import type { Store } from "../../../model/store.ts";
import { STORED_RULE_LIMITS, type StoredRule } from "../../../model/stored-rule.ts";
import { ids, NOW, numbered, ODD_TEXTS } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about access rules. */
export function accessRulePromises(migrated: Migrated): void {
  describe("access rules", () => {
    test("are kept as they are given, in the order of the list", async () => {
      const store = await migrated();
      expect(await list(store)).toEqual([]);
      const all = [
        rule(2),
        rule(1, { enabled: false, note: null, changedBy: "cli:root@host" }),
        rule(3, {
          rule: { when: { claim: { path: "x", in: [...ODD_TEXTS.slice(0, 5), 1.5, true, "\0\ud800"] } } },
        }),
      ];
      await store.transaction(async (tx) => {
        await (await tx.policy.change()).rules.replaceAll(all);
        expect((await tx.policy.read()).rules).toStrictEqual(all);
      });
      expect(await list(store)).toStrictEqual(all);
    });

    test("are those of the last list and no others, as many as there may be", async () => {
      const store = await migrated();
      const many = Array.from({ length: 500 }, (_, n) => rule(n));
      await replace(store, many.toReversed());
      expect(await ids(list(store))).toEqual(many.toReversed().map(({ id }) => id));
      await replace(store, [rule(7), rule(600), rule(3)]);
      expect(await ids(list(store))).toEqual(["rul_007", "rul_600", "rul_003"]);
      await replace(store, []);
      expect(await list(store)).toEqual([]);
    });

    test("stay as they were when the transaction fails", async () => {
      const store = await migrated();
      await replace(store, [rule(1)]);
      const failing = store.transaction(async (tx) => {
        await (await tx.policy.change()).rules.replaceAll([rule(2)]);
        throw new TypeError("a mistake in the work");
      });
      await expect(failing).rejects.toThrow(TypeError);
      expect(await ids(list(store))).toEqual(["rul_001"]);
    });

    test("that nobody could follow are told as unreadable", async () => {
      const store = await migrated();
      const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
      const { nesting, ruleCharacters } = STORED_RULE_LIMITS;
      const kept = [nested(nesting), "x".repeat(ruleCharacters - 2), null, 5];
      const lost = [nested(nesting + 1), "x".repeat(ruleCharacters - 1)];
      const all = [...kept, ...lost].map((one, n) => rule(n, { rule: one }));
      await replace(store, all);
      const read = (await list(store)).map((one) => one.rule);
      expect(read).toStrictEqual([...kept, null, null]);
    });
  });
}

const list = async (store: Store) => (await store.policy.read()).rules;
const replace = (store: Store, rules: readonly StoredRule[]) =>
  store.transaction(async (tx) => (await tx.policy.change()).rules.replaceAll(rules));

function rule(n: number, over: Partial<StoredRule> = {}): StoredRule {
  return {
    id: numbered("rul", n),
    rule: { when: { emailDomain: "example.com" }, then: "allow", roles: ["member"] },
    enabled: true,
    note: ODD_TEXTS[1] ?? null,
    createdAt: NOW,
    createdBy: "usr_001",
    changedAt: NOW + 1,
    changedBy: "usr_002",
    ...over,
  };
}
