import type { Sealer } from "../crypto/seal.ts";
import type { Changed } from "../model/signals.ts";
import type { Beat } from "./redis-peers.ts";

/** What processes tell each other. */
export type Notice = { readonly changed: Changed } | Beat;

/** As it is published in a house, which is one database: nobody without the secret can make one up, or read who has changed. */
export function sealNotice(sealer: Pick<Sealer, "seal">, house: string, notice: Notice): string {
  return sealer.seal("redis-notice", notice, house);
}

/** `null` = not from one of us. */
export function openNotice(sealer: Pick<Sealer, "open">, house: string, message: string): Notice | null {
  const notice = sealer.open("redis-notice", message, house);
  // What opens was sealed by us; its shape may be that of another version.
  if (typeof notice !== "object" || notice === null) return null;
  if ("beat" in notice) return isBeat(notice) ? notice : null;
  return "changed" in notice ? { changed: readChanged(notice.changed) } : null;
}

function isBeat(notice: { readonly beat: unknown; readonly from?: unknown }): notice is Beat {
  return typeof notice.beat === "string" && typeof notice.from === "string";
}

/** Whatever cannot be understood may mean anybody. */
function readChanged(changed: unknown): Changed {
  return Array.isArray(changed) && changed.every((id) => typeof id === "string") ? changed : null;
}
