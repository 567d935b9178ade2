import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import { freshDatabase, type PostgresServer, startPostgres } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

let rehearsal: Rehearsal;
/** A server of our own: the one that all tests share must not stand still. */
let server: PostgresServer;
beforeAll(async () => {
  rehearsal = await startRehearsal();
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
  await rehearsal.close();
});

/** What a probe is told, and how long it has waited in milliseconds. */
async function probe(office: BackOffice) {
  const begun = performance.now();
  const response = await fetch(`${office.url}/auth/health/ready`);
  const told: unknown = await response.json();
  return {
    status: response.status,
    told,
    retryAfter: response.headers.get("retry-after"),
    waited: performance.now() - begun,
  };
}

const until = (office: BackOffice, status: number) =>
  vi.waitFor(async () => expect((await probe(office)).status).toBe(status), { timeout: 20_000 });

const readinessOf = ({ logged }: BackOffice) => logged.filter((line) => line.includes("this instance is"));

test("a database that hangs: not ready within two seconds for everybody who asks, and ready when it goes on", async () => {
  const office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    database: await freshDatabase(server.url),
  });
  expect(await probe(office)).toMatchObject({ status: 200, told: { status: "ok" } });
  const goOn = server.pause();
  try {
    await until(office, 503);
    const answers = await Promise.all(Array.from({ length: 15 }, () => probe(office)));
    for (const { status, told, retryAfter, waited } of answers) {
      expect(status).toBe(503);
      expect(retryAfter).toBe("1");
      expect(waited).toBeLessThan(2_000);
      // Nothing of the database: no address, no name, no sentence of a driver.
      expect(told).toEqual({
        type: "about:blank",
        title: "Store unavailable",
        status: 503,
        code: "store_unavailable",
        detail: "The database cannot be reached. Try again.",
      });
    }
    expect((await fetch(`${office.url}/auth/health/live`)).status).toBe(200);
  } finally {
    goOn();
  }
  await until(office, 200);
  expect(readinessOf(office)).toHaveLength(2);
  await office.close();
});

test("a database that is stopped: not ready, and ready when it is there again", {
  timeout: 60_000,
}, async () => {
  const office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    database: await freshDatabase(server.url),
  });
  await until(office, 200);
  await server.restart(async () => {
    await until(office, 503);
    expect((await probe(office)).waited).toBeLessThan(2_000);
  });
  await until(office, 200);
  await office.close();
});

test("a database file that is gone: not ready, although everything in it can still be read", async () => {
  const folder = scratchFolder();
  const database = folder.database("postern.db");
  const office = await startBackOffice({ rehearsalUrl: rehearsal.url, database });
  await until(office, 200);
  rmSync(database.replace("file:", ""));
  await until(office, 503);
  expect(await probe(office)).toMatchObject({ told: { code: "store_unavailable" } });
  expect(readinessOf(office)).toHaveLength(1);
  await office.close();
  folder.remove();
});
