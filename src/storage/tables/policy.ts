import type { Kysely } from "kysely";
import type { PolicyReader, PolicyWriter } from "../../model/policy.ts";
import { fixedQuery } from "../fixed-query.ts";
import type { Schema } from "../schema.ts";
import { rulesInOrder, storedRuleWriter } from "./access-rules.ts";
import { rolesByName, storedRoleWriter } from "./roles.ts";

const VERSION = fixedQuery((db) => db.selectFrom("postern_policy").select("version"));

/** Reading what administrators have decided. */
export function policyReader(db: Kysely<Schema>): PolicyReader {
  const version = async () => {
    const row = await VERSION.first(db, {});
    if (row === null) throw new Error("The table of the policy has lost its row.");
    return row.version;
  };
  return {
    version,
    // The version first: what a change in between adds is read without being claimed, and read again later.
    read: async () => ({
      version: await version(),
      roles: await rolesByName(db),
      rules: await rulesInOrder(db),
    }),
  };
}

/** Changing it, inside a transaction. `lock` lets in many who share it, or one who does not. */
export function policyWriter(
  tx: Kysely<Schema>,
  lock: (how: "shared" | "alone") => Promise<void>,
): PolicyWriter {
  return {
    ...policyReader(tx),

    hold: () => lock("shared"),

    change: async () => {
      await lock("alone");
      await tx
        .updateTable("postern_policy")
        .set((eb) => ({ version: eb("version", "+", 1) }))
        .execute();
      return { roles: storedRoleWriter(tx), rules: storedRuleWriter(tx) };
    },
  };
}
