import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSealer } from "../../src/crypto/seal.ts";
import type { PosternOptions } from "../../src/index.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import { google } from "../../src/providers/google.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { Person } from "../../src/testing/person.ts";
import { takeTokens } from "../../src/vault/take-tokens.ts";
import { openTokens } from "../../src/vault/token-seal.ts";
import { type BackOffice, keepingProviders, SECRET, startBackOffice } from "../support/back-office.ts";
import { findCanaries } from "../support/canaries.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase } from "../support/raw-database.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";

const sealer = createSealer([SECRET]);
let folder: ScratchFolder;
let rehearsal: Rehearsal;
let office: BackOffice | null = null;

beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.close());
afterEach(async () => {
  await office?.close();
  office = null;
  folder.remove();
});

async function open(engine: string, options: Partial<PosternOptions> = {}) {
  folder = scratchFolder();
  const database = engine === "postgres" ? await freshDatabase() : folder.database("postern.db");
  office = await startBackOffice({ rehearsalUrl: rehearsal.url, database, options });
  return { office, database, store: await openStore(database, { now: Date.now, log: SILENT_LOG }) };
}

/** The bytes of a SQLite database and of the log beside it, as they lie on the disk. */
function filesOf(database: string): Readonly<Record<string, string>> {
  if (!database.startsWith("file:")) return {};
  const file = database.slice("file:".length);
  return Object.fromEntries([file, `${file}-wal`].map((path) => [path, readFileSync(path, "latin1")]));
}

async function userIdOf(person: Person): Promise<string> {
  return (await person.session())?.user.id ?? "";
}

describe.each(["sqlite", "postgres"])("tokens on %s", (engine) => {
  test("are not kept unless a provider says so, and no refresh token is asked for", async () => {
    const { office, store } = await open(engine);
    const ada = new Person(office.url);
    expect((await ada.start("rehearsal")).searchParams.get("scope")).not.toContain("offline_access");
    await ada.signIn("rehearsal", "ada");
    expect(await store.tokens.ofUser(await userIdOf(ada))).toEqual([]);
    await store.close();
  });

  test("are kept by the sign-in, sealed, and nothing in the database or the log says one", async () => {
    const { office, database, store } = await open(engine, { providers: keepingProviders(rehearsal.url) });
    const ada = new Person(office.url);
    await ada.signIn("rehearsal", "ada");
    const userId = await userIdOf(ada);
    const [kept] = await store.tokens.ofUser(userId);
    const tokens = kept && openTokens({ sealer }, kept);
    expect(tokens).toMatchObject({
      accessToken: expect.stringMatching(/^rehearsal-at-/),
      refreshToken: expect.stringMatching(/^rehearsal-rt-/),
      idToken: expect.any(String),
    });
    const raw = await openRawDatabase(database);
    const tables = ["users", "identities", "sessions", "audit", "tokens"];
    const rows = await Promise.all(tables.map((table) => raw.rows(`select * from postern_${table}`)));
    await raw.close();
    const places = { ...filesOf(database), database: JSON.stringify(rows), log: office.logged.join("\n") };
    expect(rows.at(-1)).toHaveLength(1);
    expect(findCanaries(places, { "the access token": tokens?.accessToken ?? "" })).toEqual([]);
    await store.close();
  });

  test("in another person's row, or for an identity that was given to somebody else, they do not open", async () => {
    const { office, database, store } = await open(engine, { providers: keepingProviders(rehearsal.url) });
    const [ada, bo] = [new Person(office.url), new Person(office.url)];
    await ada.signIn("rehearsal", "ada");
    await bo.signIn("rehearsal", "bo");
    const [adaId, boId] = [await userIdOf(ada), await userIdOf(bo)];
    const [ofAda] = await store.tokens.ofUser(adaId);
    const [ofBo] = await store.tokens.ofUser(boId);
    if (ofAda === undefined || ofBo === undefined) throw new Error("nothing was kept");
    await store.transaction((tx) => tx.tokens.put({ ...ofAda, identityId: ofBo.identityId }));
    expect((await store.tokens.ofUser(boId)).map((kept) => openTokens({ sealer }, kept))).toEqual([null]);
    const raw = await openRawDatabase(database);
    await raw.rows(`update postern_identities set user_id = '${boId}' where id = '${ofAda.identityId}'`);
    await raw.close();
    expect((await store.tokens.ofUser(boId)).map((kept) => openTokens({ sealer }, kept))).toEqual([
      null,
      null,
    ]);
    await store.close();
  });

  test("can be taken out for revoking them, once", async () => {
    const { office, store } = await open(engine, { providers: keepingProviders(rehearsal.url) });
    const ada = new Person(office.url);
    await ada.signIn("github", "ada");
    const kept = await store.tokens.ofUser(await userIdOf(ada));
    const take = () =>
      store.transaction((tx) =>
        takeTokens(
          { sealer },
          tx,
          kept.map(({ identityId }) => identityId),
        ),
      );
    expect(await take()).toMatchObject([
      { provider: "github", tokens: { accessToken: expect.stringMatching(/^gho_/), refreshToken: null } },
    ]);
    expect(await take()).toEqual([]);
    await store.close();
  });
});

test("a refresh token that comes only once stays, where the provider brings none at the next sign-in", async () => {
  const { office, store } = await open("sqlite", {
    providers: [
      {
        ...google({
          clientId: "keeps-the-first",
          clientSecret: "rehearsal-secret",
          baseUrl: rehearsal.lookAlikes["no-second-refresh"],
          keepTokens: true,
        }),
        // As long as consent is asked for each time, one comes each time.
        lifecycle: {
          refresh: { parameters: { access_type: "offline" }, rotates: false },
          revoke: null,
          endSession: null,
        },
      },
    ],
    owners: ["google:ada@demo.example"],
  });
  const ada = new Person(office.url);
  const read = async () => {
    await ada.signIn("google", "ada");
    const [kept] = await store.tokens.ofUser(await userIdOf(ada));
    return kept && openTokens({ sealer }, kept);
  };
  const [first, second] = [await read(), await read()];
  expect(first?.refreshToken).toEqual(expect.any(String));
  expect(second?.refreshToken).toBe(first?.refreshToken);
  expect(second?.accessToken).not.toBe(first?.accessToken);
  await store.close();
});
