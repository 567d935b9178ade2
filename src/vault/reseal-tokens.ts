import { setImmediate } from "node:timers/promises";
import type { Runtime } from "../runtime.ts";
import { openTokens, sealTokens } from "./token-seal.ts";

type Uses = Pick<Runtime, "settings" | "store" | "sealer" | "log">;

/** How far the work is. */
export interface Resealed {
  /** Sealed with the newest key now. */
  readonly resealed: number;
  /** What none of the secrets opens: left as it is. */
  readonly unreadable: number;
}

const BATCH = 50;

/** Work that goes on until it is done or closed. */
export interface Resealing {
  /** Resolves when it has ended; never rejects. */
  readonly ended: Promise<void>;
  /** Stops after the tokens at hand. */
  close(): Promise<void>;
}

/**
 * Seals anew what an older secret has sealed, without anybody waiting for it. On several instances at once it is done once
 * each; whatever has been refreshed meanwhile is left alone.
 */
export function resealInBackground(runtime: Uses): Resealing {
  const closing = new AbortController();
  // With one secret there is nothing that could be opened and sealed anew.
  const work = runtime.settings.secrets.length < 2 ? Promise.resolve() : resealAll(runtime, closing.signal);
  const ended = work.catch((error: unknown) =>
    runtime.log.warn({ err: error }, "Kept tokens could not be sealed anew; the next start goes on."),
  );
  return {
    ended,
    close() {
      closing.abort();
      return ended;
    },
  };
}

async function resealAll(runtime: Uses, closing: AbortSignal): Promise<void> {
  const tell = (told: Resealed) => runtime.log.info(told, "Kept tokens are being sealed anew.");
  const told = await resealTokens(runtime, tell, closing);
  if (!closing.aborted && told.resealed + told.unreadable > 0)
    runtime.log.info(told, "Kept tokens are sealed with the newest secret.");
}

/** The same at once: answers what was done, and tells how far it is after every batch. */
export async function resealTokens(
  runtime: Pick<Runtime, "store" | "sealer">,
  tell: (told: Resealed) => void,
  closing: AbortSignal = new AbortController().signal,
): Promise<Resealed> {
  const { store, sealer } = runtime;
  let told: Resealed = { resealed: 0, unreadable: 0 };
  for (let after = ""; !closing.aborted; ) {
    const batch = await store.tokens.sealedOtherwise(sealer.keyId, after, BATCH);
    const last = batch.at(-1);
    if (last === undefined) break;
    after = last.identityId;
    for (const kept of batch) {
      if (closing.aborted) break;
      const tokens = openTokens(runtime, kept);
      const { resealed, unreadable } = told;
      if (tokens === null) told = { resealed, unreadable: unreadable + 1 };
      else if (
        await store.transaction((tx) => tx.tokens.reseal(kept.sealed, sealTokens(runtime, kept, tokens)))
      )
        told = { resealed: resealed + 1, unreadable };
      // Requests go first.
      await setImmediate();
    }
    tell(told);
  }
  return told;
}
