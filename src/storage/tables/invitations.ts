import type { Kysely } from "kysely";
import type {
  Invitation,
  InvitationReader,
  InvitationRecipient,
  InvitationWriter,
} from "../../model/invitation.ts";
import { lockRows } from "../lock-rows.ts";
import type { EngineName, Schema } from "../schema.ts";

const COLUMNS = [
  "id",
  "secret_hash as secretHash",
  "recipient_kind",
  "provider",
  "who",
  "roles",
  "created_at as createdAt",
  "created_by as createdBy",
  "reason",
  "expires_at as expiresAt",
  "accepted_at as acceptedAt",
  "accepted_by as acceptedBy",
  "revoked_at as revokedAt",
  "revoked_by as revokedBy",
] as const;

/** Reading invitations. */
export function invitationReader(db: Kysely<Schema>): InvitationReader {
  const invitations = () => db.selectFrom("postern_invitations").select(COLUMNS);
  return {
    get: async (id) => toInvitation(await invitations().where("id", "=", id).executeTakeFirst()),

    findBySecretHash: async (secretHash) =>
      toInvitation(await invitations().where("secret_hash", "=", secretHash).executeTakeFirst()),

    list: async ({ limit, after }) => {
      const page = after === undefined ? invitations() : invitations().where("id", "<", after);
      const rows = await page.orderBy("id", "desc").limit(limit).execute();
      return rows.map(toInvitation).filter((invitation) => invitation !== null);
    },

    openWith: async (role, now) => {
      const open = await invitations()
        .where("accepted_at", "is", null)
        .where("revoked_at", "is", null)
        .where("expires_at", ">", now)
        .orderBy("id")
        .execute();
      return open.flatMap((row) => (toInvitation(row)?.roles.includes(role) ? [row.id] : []));
    },
  };
}

/** Writing invitations, inside a transaction. */
export function invitationWriter(tx: Kysely<Schema>, engine: EngineName): InvitationWriter {
  /** One statement that looks and writes: of two at once the second finds it done. */
  const changeOpen = (id: string) =>
    tx
      .updateTable("postern_invitations")
      .where("id", "=", id)
      .where("accepted_at", "is", null)
      .where("revoked_at", "is", null);
  return {
    ...invitationReader(tx),

    insert: async (invitation) => {
      await tx.insertInto("postern_invitations").values(toRow(invitation)).execute();
    },

    lockBySecretHash: async (secretHash) => {
      const found = tx
        .selectFrom("postern_invitations")
        .select(COLUMNS)
        .where("secret_hash", "=", secretHash);
      return toInvitation(await lockRows(engine, found).executeTakeFirst());
    },

    accept: async (id, userId, now) => {
      const accepted = changeOpen(id)
        .where("expires_at", ">", now)
        .set({ accepted_at: now, accepted_by: userId });
      return (await accepted.executeTakeFirst()).numUpdatedRows === 1n;
    },

    move: async (from, to) => {
      await tx
        .updateTable("postern_invitations")
        .set({ created_by: to })
        .where("created_by", "=", from)
        .where("accepted_at", "is", null)
        .where("revoked_at", "is", null)
        .execute();
    },

    revoke: async (id, actor, now) => {
      const revoked = changeOpen(id).set({ revoked_at: now, revoked_by: actor });
      return (await revoked.executeTakeFirst()).numUpdatedRows === 1n;
    },

    change: async (id, { secretHash, expiresAt, roles, createdBy }) => {
      const changed = changeOpen(id).set({
        ...(secretHash !== undefined && { secret_hash: secretHash }),
        ...(expiresAt !== undefined && { expires_at: expiresAt }),
        ...(createdBy !== undefined && { created_by: createdBy }),
        ...(roles !== undefined && { roles: JSON.stringify(roles) }),
      });
      return (await changed.executeTakeFirst()).numUpdatedRows === 1n;
    },
  };
}

type Row = Omit<Invitation, "recipient" | "roles"> & {
  readonly recipient_kind: InvitationRecipient["kind"] | null;
  readonly provider: string | null;
  readonly who: string | null;
  readonly roles: string;
};

function toInvitation(row: Row | undefined): Invitation | null {
  if (row === undefined) return null;
  const { recipient_kind: kind, provider, who, roles, ...rest } = row;
  const recipient = kind === null || who === null ? null : { kind, provider, who };
  return { ...rest, recipient, roles: JSON.parse(roles) };
}

function toRow(invitation: Invitation): Schema["postern_invitations"] {
  const { recipient } = invitation;
  return {
    id: invitation.id,
    secret_hash: invitation.secretHash,
    recipient_kind: recipient?.kind ?? null,
    provider: recipient?.provider ?? null,
    who: recipient?.who ?? null,
    roles: JSON.stringify(invitation.roles),
    created_at: invitation.createdAt,
    created_by: invitation.createdBy,
    reason: invitation.reason,
    expires_at: invitation.expiresAt,
    accepted_at: invitation.acceptedAt,
    accepted_by: invitation.acceptedBy,
    revoked_at: invitation.revokedAt,
    revoked_by: invitation.revokedBy,
  };
}
