import type { Transaction } from "kysely";
import type { LogoutNotice, LogoutNoticeWriter } from "../../model/logout-notice.ts";
import type { ProviderSessionKey } from "../../model/provider-session.ts";
import type { EngineName, Schema } from "../schema.ts";
import { sweep } from "../sweep.ts";

interface Engine {
  readonly name: EngineName;
  readonly lockProviderSession: (tx: Transaction<Schema>, key: string) => Promise<void>;
}

/** Keeping what providers have told about sessions that ended, inside a transaction: the unique key decides who was first. */
export function logoutNoticeWriter(
  tx: Transaction<Schema>,
  engine: Engine,
  now: () => number,
): LogoutNoticeWriter {
  return {
    insert: async (notice) => {
      await lock(tx, engine, notice);
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto("postern_logout_notices")
        .values(toRow(notice))
        .onConflict((conflict) => conflict.column("token_hash").doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) return false;
      await sweep(tx, engine.name, "logout_notices", now());
      return true;
    },

    lockAndFind: async (session, receivedAt) => {
      await lock(tx, engine, session);
      const { provider, issuer, sid, subject } = session;
      return tx
        .selectFrom("postern_logout_notices")
        .where("provider", "=", provider)
        .where("issuer", "=", issuer)
        .where("received_at", ">=", receivedAt)
        .where((eb) => {
          const ofSubject = eb("subject", "=", subject);
          // Without a `sid` it cannot be told which of the person's sessions is meant: then every one may be.
          if (sid === null) return ofSubject;
          return eb.or([eb("sid", "=", sid), eb.and([eb("sid", "is", null), ofSubject])]);
        })
        .orderBy("token_hash")
        .select([
          "token_hash as tokenHash",
          "provider",
          "issuer",
          "sid",
          "subject",
          "issued_at as issuedAt",
          "received_at as receivedAt",
          "expires_at as expiresAt",
        ])
        .execute();
    },
  };
}

/** Always in this order, so that no two wait for each other. JSON keeps the parts apart whatever they hold. */
async function lock(tx: Transaction<Schema>, engine: Engine, key: ProviderSessionKey): Promise<void> {
  const { provider, issuer, sid, subject } = key;
  if (sid !== null) await engine.lockProviderSession(tx, JSON.stringify([provider, issuer, "sid", sid]));
  if (subject !== null)
    await engine.lockProviderSession(tx, JSON.stringify([provider, issuer, "sub", subject]));
}

function toRow(notice: LogoutNotice): Schema["postern_logout_notices"] {
  return {
    token_hash: notice.tokenHash,
    provider: notice.provider,
    issuer: notice.issuer,
    sid: notice.sid,
    subject: notice.subject,
    issued_at: notice.issuedAt,
    received_at: notice.receivedAt,
    expires_at: notice.expiresAt,
  };
}
