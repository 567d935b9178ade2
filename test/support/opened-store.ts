import type { Store } from "../../src/model/store.ts";
import type { OpenedStore } from "../../src/testing/store-suite.ts";
import { reusedDatabase } from "./reused-database.ts";

/** A store for the suite: `open` gives a handle on the same database each time. `remove` comes when all are closed. */
export async function openedStore(
  open: () => Promise<Store>,
  remove: () => void = () => {},
): Promise<OpenedStore> {
  const handles: Store[] = [];
  const reopen = async () => {
    const store = await open();
    handles.push(store);
    return store;
  };
  const close = async () => {
    await Promise.all(handles.map((handle) => handle.close()));
    remove();
  };
  return { store: await reopen(), reopen, close };
}

/** What the suite opens on a database server: stores on databases that `make` makes empty, and on one that is used again. */
export function storesOnServer(
  make: () => Promise<string>,
  open: (url: string) => Promise<Store>,
): { readonly empty: () => Promise<OpenedStore>; readonly migrated: () => Promise<OpenedStore> } {
  const openedOn = (url: string) => openedStore(() => open(url));
  const migratedDatabase = reusedDatabase(make, async (url) => {
    const { store, close } = await openedOn(url);
    await store.migrate();
    await close();
  });
  return {
    empty: async () => openedOn(await make()),
    migrated: async () => openedOn(await migratedDatabase()),
  };
}
