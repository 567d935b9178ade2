import type { Transaction } from "kysely";
import type { LogoutNotice, LogoutNoticeWriter } from "../../model/logout-notice.ts";
import type { ProviderSessionKey } from "../../model/provider-session.ts";
import { byShape, fixedQuery, type Value } from "../fixed-query.ts";
import type { EngineName, Schema } from "../schema.ts";
import { sweep } from "../sweep.ts";

interface Engine {
  readonly name: EngineName;
  readonly lockProviderSession: (tx: Transaction<Schema>, key: string) => Promise<void>;
}

const FIND = byShape((shape: "with-sid" | "without-sid") =>
  fixedQuery((db, value: Value<ProviderSessionKey & Pick<LogoutNotice, "receivedAt">>) =>
    db
      .selectFrom("postern_logout_notices")
      .where("provider", "=", value("provider"))
      .where("issuer", "=", value("issuer"))
      .where("received_at", ">=", value("receivedAt"))
      .where((eb) => {
        const ofSubject = eb("subject", "=", value("subject"));
        // Without a `sid` it cannot be told which of the person's sessions is meant: then every one may be.
        if (shape === "without-sid") return ofSubject;
        return eb.or([eb("sid", "=", value("sid")), eb.and([eb("sid", "is", null), ofSubject])]);
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
      ]),
  ),
);

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
      const find = FIND(session.sid === null ? "without-sid" : "with-sid");
      // Done in this order: what is found has been told before the lock was had.
      const [, found] = await Promise.all([
        lock(tx, engine, session),
        find.all(tx, { ...session, receivedAt }),
      ]);
      return found;
    },
  };
}

/** Always in this order, so that no two wait for each other. JSON keeps the parts apart whatever they hold. */
async function lock(tx: Transaction<Schema>, engine: Engine, key: ProviderSessionKey): Promise<void> {
  const { provider, issuer, sid, subject } = key;
  const lockPart = (kind: "sid" | "sub", value: string | null) =>
    value === null ? null : engine.lockProviderSession(tx, JSON.stringify([provider, issuer, kind, value]));
  await Promise.all([lockPart("sid", sid), lockPart("sub", subject)]);
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
