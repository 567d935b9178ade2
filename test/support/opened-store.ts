import type { Store } from "../../src/model/store.ts";
import type { OpenedStore } from "../../src/testing/store-suite.ts";

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
