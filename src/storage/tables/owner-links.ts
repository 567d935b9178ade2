import type { Kysely } from "kysely";
import type { OwnerLink, OwnerLinkReader, OwnerLinkWriter } from "../../model/owner-link.ts";
import type { Schema } from "../schema.ts";

const COLUMNS = [
  "id",
  "secret_hash as secretHash",
  "user_id as userId",
  "break_glass",
  "created_at as createdAt",
  "created_by as createdBy",
  "reason",
  "expires_at as expiresAt",
  "used_at as usedAt",
  "used_by as usedBy",
  "reviewed_at as reviewedAt",
  "reviewed_by as reviewedBy",
] as const;

/** Reading owner links. */
export function ownerLinkReader(db: Kysely<Schema>): OwnerLinkReader {
  const links = () => db.selectFrom("postern_owner_links").select(COLUMNS);
  return {
    get: async (id) => toOwnerLink(await links().where("id", "=", id).executeTakeFirst()),

    findBySecretHash: async (secretHash) =>
      toOwnerLink(await links().where("secret_hash", "=", secretHash).executeTakeFirst()),

    unreviewed: async () => {
      const rows = await links()
        .where("break_glass", "=", 1)
        .where("used_at", "is not", null)
        .where("reviewed_at", "is", null)
        .orderBy("id")
        .execute();
      return rows.map(toOwnerLink).filter((link) => link !== null);
    },
  };
}

/** Writing owner links, inside a transaction. */
export function ownerLinkWriter(tx: Kysely<Schema>): OwnerLinkWriter {
  return {
    ...ownerLinkReader(tx),

    insert: async (link) => {
      await tx.insertInto("postern_owner_links").values(toRow(link)).execute();
    },

    // One statement each, which looks and writes: of two at once the second finds it done.
    use: async (id, userId, now) => {
      const { numUpdatedRows } = await tx
        .updateTable("postern_owner_links")
        .set({ used_at: now, used_by: userId })
        .where("id", "=", id)
        .where("used_at", "is", null)
        .where("expires_at", ">", now)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    move: async (from, to) => {
      await tx
        .updateTable("postern_owner_links")
        .set({ used_by: to })
        .where("used_by", "=", from)
        .where("reviewed_at", "is", null)
        .execute();
    },

    review: async (id, userId, now) => {
      const { numUpdatedRows } = await tx
        .updateTable("postern_owner_links")
        .set({ reviewed_at: now, reviewed_by: userId })
        .where("id", "=", id)
        .where("used_at", "is not", null)
        .where("reviewed_at", "is", null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };
}

type Row = Omit<OwnerLink, "breakGlass"> & { readonly break_glass: number };

function toOwnerLink(row: Row | undefined): OwnerLink | null {
  if (row === undefined) return null;
  const { break_glass, ...rest } = row;
  return { ...rest, breakGlass: break_glass === 1 };
}

function toRow(link: OwnerLink): Schema["postern_owner_links"] {
  return {
    id: link.id,
    secret_hash: link.secretHash,
    user_id: link.userId,
    break_glass: Number(link.breakGlass),
    created_at: link.createdAt,
    created_by: link.createdBy,
    reason: link.reason,
    expires_at: link.expiresAt,
    used_at: link.usedAt,
    used_by: link.usedBy,
    reviewed_at: link.reviewedAt,
    reviewed_by: link.reviewedBy,
  };
}
