const MINUTE = 60_000;
/** China keeps one time for the whole country and all the year. */
const SHANGHAI_OFFSET = 8 * 60 * MINUTE;
/** Clocks may differ by this much. */
const TOLERANCE = 15 * MINUTE;

/** A moment as the gateway writes it: `2026-11-23 23:00:00`, in Shanghai. */
export function shanghaiTime(now: number): string {
  return new Date(now + SHANGHAI_OFFSET).toISOString().slice(0, 19).replace("T", " ");
}

/** Whether a time stamp is written so, and near to now. A clock in another time zone is hours off. */
export function isRecent(timestamp: string, now: number): boolean {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(timestamp)) return false;
  const moment = Date.parse(`${timestamp.replace(" ", "T")}Z`) - SHANGHAI_OFFSET;
  return Math.abs(moment - now) <= TOLERANCE;
}
