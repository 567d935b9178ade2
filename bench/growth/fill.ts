import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { sha256 } from "../../src/crypto/hash.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { expectedWords, insertPeople } from "./people.ts";

/** `sha256` of `src/crypto`, in PostgreSQL's words. */
const HASHED = `create function hashed(text) returns text immutable strict language sql as
  $$ select rtrim(translate(encode(sha256(convert_to($1, 'UTF8')), 'base64'), '+/', '-_'), '=') $$`;
/** Made again afterwards: an index of what is there already is made faster than row by row. */
const WORD_INDEX = "postern_user_words_by_word_user_id";

/** Puts so many people into a database, past the store, and leaves it as a server leaves it. */
export async function fill(database: string, people: number): Promise<void> {
  const store = await openStore(database, { now: Date.now, log: SILENT_LOG });
  await store.migrate();
  await store.close();
  const bulk = database.startsWith("file:")
    ? openSqliteBulk(database.slice("file:".length))
    : await openPostgresBulk(database);
  await bulk.run(`drop index ${WORD_INDEX}`);
  for (const statement of insertPeople(people, Date.now())) await bulk.run(statement);
  await bulk.run(`create index ${WORD_INDEX} on postern_user_words (word, user_id)`);
  await assertWords(bulk);
  await bulk.close();
}

interface Bulk {
  run(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** What is written here in SQL must be what the product writes. */
async function assertWords({ run }: Bulk): Promise<void> {
  const [one] = await run("select id, name, email from postern_users order by id limit 1 offset 123");
  const rows = await run(`select word from postern_user_words where user_id = '${one?.id}' order by word`);
  const expected = expectedWords(String(one?.name), String(one?.email));
  if (rows.map(({ word }) => word).join() !== expected.join())
    throw new Error(`${one?.name} would be found by ${expected}.`);
}

function openSqliteBulk(file: string): Bulk {
  const database = new DatabaseSync(file);
  database.exec("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -400000");
  database.function("hashed", { deterministic: true }, (text) => sha256(String(text)));
  return {
    run: async (statement) => database.prepare(statement).all(),
    async close() {
      database.close();
    },
  };
}

async function openPostgresBulk(url: string): Promise<Bulk> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(HASHED);
  return {
    run: async (statement) => (await client.query(statement)).rows,
    async close() {
      // What the server does by itself within minutes, beside whatever is measured then.
      await client.query("vacuum analyze");
      await client.query("checkpoint");
      await client.end();
    },
  };
}
