import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contradictions } from "../support/contradictions.ts";
import { freshMysqlDatabase, type MysqlServer, startMysql } from "../support/mysql.ts";
import { ADDED_NAMES } from "../support/next-version.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase } from "../support/raw-database.ts";
import { rollOut } from "../support/rollout.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";

const SUPPORT = join(import.meta.dirname, "../support");
const STARTING = 10;

let folder: ScratchFolder;
let mariadb: MysqlServer;
beforeAll(async () => {
  folder = scratchFolder();
  mariadb = await startMysql();
});
afterAll(async () => {
  await mariadb.stop();
  folder.remove();
});

const ENGINES: Readonly<Record<string, () => Promise<string>>> = {
  SQLite: async () => folder.database("postern.db"),
  PostgreSQL: () => freshDatabase(),
  MariaDB: () => freshMysqlDatabase(mariadb.url),
};

describe.each(Object.keys(ENGINES))("old and new side by side on %s", (engine) => {
  test("ten new ones starting at once: no request fails, and no old one is unready", {
    timeout: 300_000,
  }, async () => {
    const database = (await ENGINES[engine]?.()) ?? "";
    const report = await rollOut({
      database,
      logFile: folder.file(`${engine}.log`),
      scripts: { old: join(SUPPORT, "back-office-main.ts"), next: join(SUPPORT, "next-version-main.ts") },
      starting: STARTING,
      perPhase: 60,
    });
    expect({ failed: report.failed, logged: report.logged }).toEqual({ failed: [], logged: [] });
    expect(report.unready).toEqual([]);
    expect(report.signIns).toBeGreaterThan(20);
    // Each old one once for what it finds, which may be half of it where each migration is committed by itself; and what
    // starts as the next one, for that migrates and goes on as this one.
    expect(report.noticed).toBeGreaterThanOrEqual(3);
    expect(report.noticed).toBeLessThanOrEqual(3 * ADDED_NAMES.length + STARTING);

    const raw = await openRawDatabase(database);
    const ran = await raw.rows("select name from postern_migrations where name like '9%' order by name");
    expect(ran.map(({ name }) => name)).toEqual(ADDED_NAMES);
    expect(await contradictions(raw)).toEqual([]);
    await raw.close();
  });
});
