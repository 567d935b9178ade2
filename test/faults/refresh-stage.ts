import { setImmediate } from "node:timers/promises";
import { SILENT_LOG } from "../../src/model/log.ts";
import type { Store } from "../../src/model/store.ts";
import type { Endpoint } from "../../src/rehearsal/endpoints.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOfficeProcess, spawnBackOffice } from "../support/back-office-process.ts";
import { changeTokens } from "../support/expired-tokens.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase, type RawDatabase } from "../support/raw-database.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

/** Two kinds of refresh tokens: used up by their first use (a second one ends everything), or not. */
export const PROVIDERS = {
  rehearsal: { door: "token" },
  google: { door: "no-second-refresh.token" },
} as const satisfies Record<string, { door: Endpoint }>;
export type ProviderName = keyof typeof PROVIDERS;

/** Three processes on one database. */
export interface RefreshHouse {
  /** Brings somebody in whose token has then expired; processes that were killed are there again, as new ones. */
  begin(provider: ProviderName): Promise<RefreshStage>;
  close(): Promise<void>;
}

/** Somebody is signed in at three processes, and their token has expired. */
export interface RefreshStage {
  readonly rehearsal: Rehearsal;
  readonly processes: readonly BackOfficeProcess[];
  readonly store: Store;
  readonly userId: string;
  /** Calls the API through every process at once, a hundred times each; answers what came, process by process. */
  callAll(): readonly Promise<readonly Outcome[]>[];
  /** Refreshes that the provider has been asked for. */
  refreshes(): number;
  /** Which process holds the lease. */
  holder(): Promise<BackOfficeProcess>;
}

/** `answered` with the person's e-mail, a status with our code, or `lost` when the process was gone. */
export type Outcome = string;

/** Milliseconds: short, since some tests wait until it is over. */
const LEASE = 700;

export async function openRefreshHouse(engine: string): Promise<RefreshHouse> {
  const folder = scratchFolder();
  const rehearsal = await startRehearsal();
  const database = engine === "postgres" ? await freshDatabase() : folder.database("postern.db");
  const start = () => spawnBackOffice({ rehearsalUrl: rehearsal.url, database, refreshLease: LEASE });
  let processes: readonly BackOfficeProcess[] = await Promise.all([start(), start(), start()]);
  const store = await openStore(database, { now: Date.now, log: SILENT_LOG });
  const raw = await openRawDatabase(database);
  return {
    begin: async (provider) => {
      for (const { door } of Object.values(PROVIDERS)) rehearsal.delay(door, null);
      processes = await Promise.all(processes.map(async (one) => ((await isThere(one)) ? one : start())));
      return beginStage({ rehearsal, processes, store, raw }, provider);
    },
    close: async () => {
      for (const one of processes) one.resume();
      await Promise.all(processes.map((one) => one.kill()));
      await store.close();
      await raw.close();
      await rehearsal.close();
      folder.remove();
    },
  };
}

/** One that stands still goes on. */
async function isThere(one: BackOfficeProcess): Promise<boolean> {
  one.resume();
  const response = await fetch(`${one.url}/auth/health/live`).catch(() => null);
  await response?.body?.cancel();
  return response !== null;
}

type House = Pick<RefreshStage, "rehearsal" | "processes" | "store"> & { readonly raw: RawDatabase };

async function beginStage(house: House, provider: ProviderName): Promise<RefreshStage> {
  const { rehearsal, processes, store, raw } = house;
  const [first] = processes;
  const ada = new Person(first?.url ?? "");
  await ada.signIn(provider, "ada");
  const userId = (await ada.session())?.user.id ?? "";
  await changeTokens(store, userId);
  const { door } = PROVIDERS[provider];
  const before = rehearsal.requests[door];

  const call = async ({ url }: BackOfficeProcess): Promise<Outcome> => {
    const path = `/api/at/${provider}`;
    const response = await new Person(url, { jar: ada.jar }).request(path).catch(() => null);
    const text = await response?.text().catch(() => null);
    if (response === null || !text) return "lost";
    if (!text.startsWith("{"))
      return `${response.status} and a page: ${/<h1[^>]*>(.*?)<\/h1>/s.exec(text)?.[1]}`;
    const { email, code, reason } = JSON.parse(text);
    return response.status === 200 ? `answered ${email}` : `${response.status} ${code} ${reason}`;
  };

  return {
    rehearsal,
    processes,
    store,
    userId,
    callAll: () => processes.map((one) => Promise.all(Array.from({ length: 100 }, () => call(one)))),
    refreshes: () => rehearsal.requests[door] - before,
    async holder() {
      const [row] = await raw.rows(
        `select t.lease_owner from postern_tokens t join postern_identities i on i.id = t.identity_id
         where i.user_id = '${userId}'`,
      );
      const found = processes.find(({ pid }) => String(row?.lease_owner).endsWith(`:${pid}`));
      if (found === undefined) throw new Error(`nobody holds the lease: ${row?.lease_owner}`);
      return found;
    },
  };
}

/** Holds the first refresh at the provider's door. */
export interface HeldRefresh {
  /** Resolves when it has arrived there. */
  readonly arrived: Promise<void>;
  /** Lets the provider work on it; resolves when it has answered. */
  letPass(): Promise<void>;
  /** The provider never gets to it. */
  lose(): void;
}

export function holdFirstRefresh({ rehearsal }: RefreshStage, provider: ProviderName): HeldRefresh {
  const arrival = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  gate.promise.catch(() => {});
  let isFirst = true;
  rehearsal.delay(PROVIDERS[provider].door, async () => {
    if (!isFirst) return;
    isFirst = false;
    arrival.resolve();
    await gate.promise;
  });
  return {
    arrived: arrival.promise,
    async letPass() {
      gate.resolve();
      // It works in this process, without waiting for anything but its turn.
      for (let turn = 0; turn < 50; turn++) await setImmediate();
    },
    lose: () => gate.reject(new Error("lost on the way")),
  };
}

/** Resolves when the lease is over by the clock of the database. */
export async function untilLeaseIsOver({ store, userId }: RefreshStage): Promise<void> {
  for (;;) {
    const [kept] = await store.tokens.ofUser(userId);
    if (kept?.leaseLeft === null || (kept?.leaseLeft ?? 0) < 0) return;
    await setImmediate();
  }
}
