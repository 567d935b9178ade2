import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { openSqlite } from "../../src/storage/sqlite.ts";
import { contradictions } from "./contradictions.ts";
import { openRawDatabase } from "./raw-database.ts";
import { scratchFolder } from "./scratch-folder.ts";

test("rows that cannot be are found, each by what is wrong with it", async () => {
  const folder = scratchFolder();
  const database = folder.database("half-made.db");
  const path = database.slice("file:".length);
  const store = await openSqlite(path, { now: Date.now });
  await store.migrate();
  await store.close();
  const file = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  file.exec(`
    insert into postern_users (id, status, created_at) values ('usr_half', 'active', 1);
    insert into postern_identities (id, user_id, provider, issuer, subject, created_at, last_used_at)
      values ('idn_lost', 'usr_gone', 'corp', 'https://sso.example.com', '1', 1, 1);
    insert into postern_sessions (id, user_id, secret_hash, provider, identity_id, created_at, authenticated_at,
      last_seen_at, expires_at) values ('ses_lost', 'usr_gone', 'hash', 'corp', 'idn_lost', 1, 1, 1, 2);
    insert into postern_grants (user_id, role, source, created_at) values ('usr_gone', 'member', 'rule', 1);
    insert into postern_audit (id, at, action, actor, target, detail) values
      ('aud_1', 1, 'login.succeeded', 'usr_gone', 'ses_gone', '{}'),
      ('aud_2', 1, 'user.created', 'usr_gone', 'usr_gone', '{}');`);
  file.close();
  const raw = await openRawDatabase(database);
  onTestFinished(async () => {
    await raw.close();
    folder.remove();
  });

  expect(await contradictions(raw)).toEqual([
    "a user without an identity: usr_half",
    "an identity without a user: idn_lost",
    "a user without a role: usr_half",
    "a role without a user: usr_gone",
    "a session without a user: ses_lost",
    "a session that was not told of exactly once: ses_lost",
    "a sign-in that was told of without its session: aud_1",
    "a user whose making was not told of exactly once: usr_half",
    "a user that was told of and is not there: aud_2",
    "a role whose granting was not told of: usr_gone",
  ]);
});
