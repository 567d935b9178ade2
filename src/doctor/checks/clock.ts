import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { Outbound } from "../../oauth/outbound.ts";
import type { Outcome } from "../finding.ts";

const SAMPLES = 3;
const MAX_BYTES = 1024 * 1024;
/** From here on it is worth setting the clock right, in milliseconds. */
const WARN = 5_000;
/** From here on ID tokens are refused, in milliseconds. */
const FAIL = 60_000;

/** Compares our clock with the `Date` of three answers; `now` in milliseconds since the epoch. */
export async function checkClock(
  url: string,
  { outbound, now }: { readonly outbound: Outbound; readonly now: () => number },
): Promise<Outcome> {
  const differences: number[] = [];
  for (let count = 0; count < SAMPLES; count++) {
    const difference = await measure(url, outbound, now);
    if (difference === null) break;
    differences.push(difference);
  }
  const difference = median(differences);
  if (difference === null) return { status: "skip", evidence: [], say: (texts) => texts.clockUnknown() };

  const size = Math.abs(difference);
  const sign = difference > 0 ? "+" : "-";
  const evidence = [
    `${sign}${(size / 1000).toFixed(1)} s (±1), ${differences.length} × ${new URL(url).host}`,
  ];
  if (size < WARN) return { status: "ok", evidence, say: (texts) => texts.clockFine() };
  const seconds = Math.round(size / 1000);
  return {
    status: size < FAIL ? "warn" : "fail",
    evidence,
    say: (texts) => texts.clockOff(seconds, difference > 0),
  };
}

/** Our time minus theirs, in milliseconds; `null` when they do not tell. */
async function measure(url: string, outbound: Outbound, now: () => number): Promise<number | null> {
  const sentAt = now();
  const headers = { accept: "application/json", "cache-control": "no-cache" };
  try {
    const response = await outbound.fetch(url, { headers, maxBytes: MAX_BYTES, endpoint: "clock" });
    const theirs = timeOf(response.headers);
    return theirs === null ? null : (sentAt + now()) / 2 - theirs;
  } catch (error) {
    if (error instanceof OAuthFailure) return null;
    throw error;
  }
}

/** `Date` has whole seconds, so half of one is added; a cache tells by `Age` how old its copy is (RFC 9111 §5.1). */
function timeOf(headers: Headers): number | null {
  const date = Date.parse(headers.get("date") ?? "");
  const age = Number(headers.get("age") ?? 0);
  return Number.isNaN(date) || !(age >= 0) ? null : date + 500 + age * 1000;
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
