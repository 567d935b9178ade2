import type { LoginTransaction } from "../model/login-transaction.ts";
import type { Settings } from "../options.ts";
import type { Runtime } from "../runtime.ts";
import { clearCookie, setCookie } from "../web/cookie-names.ts";
import { cookiesWithPrefix, readCookie } from "../web/cookies.ts";

type Uses = Pick<Runtime, "sealer" | "now"> & { readonly settings: Pick<Settings, "cookies"> };

/** How long somebody may take at the provider, in milliseconds. */
export const TRANSACTION_LIFETIME = 10 * 60_000;

/** Attempts that one browser may have under way; the oldest goes. */
const MOST_COOKIES = 8;
/** Servers refuse request heads of 16 KiB, so ours must stay well below together, in bytes. */
const MOST_BYTES = 6 * 1024;
/** Cookies that one answer clears away; a jar that somebody filled must not make a head that proxies refuse. */
const MOST_DROPPED = 16;

/** The cookie of one attempt is named after its state: two tabs have two cookies. */
function cookieName(runtime: Uses, state: string): string {
  return runtime.settings.cookies.transaction + state.slice(1, 17);
}

/** `Set-Cookie` values that keep the transaction in the browser and drop the oldest ones when there are too many. */
export function keepTransaction(
  runtime: Uses,
  transaction: LoginTransaction,
  cookies: string | null,
  crossSitePost: boolean,
): readonly string[] {
  const value = runtime.sealer.seal("login-transaction", transaction);
  const kept = setCookie(runtime.settings.cookies, {
    name: cookieName(runtime, transaction.state),
    value,
    maxAge: TRANSACTION_LIFETIME / 1000,
    // Only a provider that posts its callback from its own site needs this; browsers refuse None without Secure.
    sameSite: crossSitePost && runtime.settings.cookies.secure ? "None" : "Lax",
  });
  const dropped = tooMany(runtime, cookies, value.length);
  return [...dropped.map((name) => clearCookie(runtime.settings.cookies, name)), kept];
}

/** Names of cookies that must go so that a new one of `size` bytes has room: broken and expired ones, then the oldest. */
function tooMany(runtime: Uses, cookies: string | null, size: number): readonly string[] {
  const present = cookiesWithPrefix(cookies, runtime.settings.cookies.transaction);
  const opened = present.map(({ name, value }) => ({
    name,
    size: name.length + value.length,
    expiresAt: openTransaction(runtime, value)?.expiresAt ?? 0,
  }));
  const newestFirst = opened.sort((a, b) => b.expiresAt - a.expiresAt);
  const dropped: string[] = [];
  let count = 1;
  let bytes = size;
  for (const one of newestFirst) {
    const stays = one.expiresAt > runtime.now() && count < MOST_COOKIES && bytes + one.size <= MOST_BYTES;
    if (!stays) dropped.push(one.name);
    else {
      count++;
      bytes += one.size;
    }
  }
  // The oldest stand last; what is left over goes with the next attempt.
  return dropped.slice(-MOST_DROPPED);
}

/** The transaction that belongs to this state in this browser; `null` = none, or not sealed by us. */
export function findTransaction(
  runtime: Uses,
  cookies: string | null,
  state: string,
): LoginTransaction | null {
  const value = readCookie(cookies, cookieName(runtime, state));
  return value === null ? null : openTransaction(runtime, value);
}

/** The `Set-Cookie` value that removes the transaction from the browser. */
export function dropTransaction(runtime: Uses, state: string): string {
  return clearCookie(runtime.settings.cookies, cookieName(runtime, state));
}

function openTransaction(runtime: Uses, sealed: string): LoginTransaction | null {
  // What the seal opens, we sealed ourselves: its shape needs no second check.
  return runtime.sealer.open("login-transaction", sealed) as LoginTransaction | null;
}
