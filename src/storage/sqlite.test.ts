import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../model/store.ts";
import { storeSuite } from "../testing/store-suite.ts";
import { openSqlite } from "./sqlite.ts";

storeSuite("SQLite store", async () => {
  const folder = mkdtempSync(join(tmpdir(), "postern-sqlite-"));
  const handles: Store[] = [];
  const reopen = async () => {
    const store = await openSqlite(join(folder, "postern.db"), { now: Date.now });
    handles.push(store);
    return store;
  };
  const close = async () => {
    await Promise.all(handles.map((handle) => handle.close()));
    rmSync(folder, { recursive: true });
  };
  return { store: await reopen(), reopen, close };
});
