import type { Kysely } from "kysely";
import type { ProviderSignOutWriter } from "../../model/provider-sign-out.ts";
import { lockRows } from "../lock-rows.ts";
import type { EngineName, Schema } from "../schema.ts";
import { sweep } from "../sweep.ts";

/** Keeping sign-outs until the browser goes on to the provider, inside a transaction. */
export function providerSignOutWriter(
  tx: Kysely<Schema>,
  engine: EngineName,
  now: () => number,
): ProviderSignOutWriter {
  const kept = (stateHash: string) =>
    tx
      .selectFrom("postern_provider_sign_outs")
      .where("state_hash", "=", stateHash)
      .where("expires_at", ">", now())
      .select(["state_hash as stateHash", "provider", "id_token as idToken", "expires_at as expiresAt"]);
  return {
    insert: async ({ stateHash, provider, idToken, expiresAt }) => {
      // Whoever never went on left an ID token behind, which must not lie there for ever.
      await sweep(tx, engine, "provider_sign_outs", now());
      await tx
        .insertInto("postern_provider_sign_outs")
        .values({ state_hash: stateHash, provider, id_token: idToken, expires_at: expiresAt })
        .execute();
    },

    find: async (stateHash) => (await kept(stateHash).executeTakeFirst()) ?? null,

    take: async (stateHash) => {
      const row = await lockRows(engine, kept(stateHash)).executeTakeFirst();
      if (row === undefined) return null;
      await tx.deleteFrom("postern_provider_sign_outs").where("state_hash", "=", stateHash).execute();
      return row;
    },
  };
}
