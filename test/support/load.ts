import { performance } from "node:perf_hooks";
import { pickPersona } from "../../src/rehearsal/pick-persona.ts";
import type { CookieJar } from "../../src/testing/cookie-jar.ts";
import { Person } from "../../src/testing/person.ts";

/** What a browser sees of one sign-in. Times are `performance.now()`. */
export type Seen = Answered | { readonly kind: "cut"; readonly step: Step; readonly error: string };
type Step = "start" | "provider" | "callback";
type Answered =
  | { readonly kind: "let-in"; readonly jar: CookieJar }
  | {
      readonly kind: "refused";
      readonly step: Step;
      readonly status: number;
      /** What the answer calls it; `null` = it does not say. */
      readonly code: string | null;
      readonly reference: string | null;
    };

/** Each request on a connection of its own, so that each goes to the instance whose turn it is; errors as JSON. */
export const ALONE = { connection: "close", accept: "application/json" };

/** A whole sign-in in a browser of its own; answers what came of it, whatever that is. */
export async function trySigningIn(site: string, provider: string, persona: string): Promise<Seen> {
  const browser = new Person(site);
  let step: Step = "start";
  try {
    const start = await browser.post(`/auth/sign-in/${provider}`, { return_to: "/" }, ALONE);
    if (start.status !== 303) return refused(step, start);
    step = "provider";
    const callback = await pickPersona(start.headers.get("location") ?? "", persona);
    step = "callback";
    const back = await browser.request(callback.pathname + callback.search, { headers: ALONE });
    const isIn = back.status === 303 && browser.jar.get("postern") !== undefined;
    return isIn ? { kind: "let-in", jar: browser.jar } : refused(step, back);
  } catch (error) {
    return { kind: "cut", step, error: [error, Reflect.get(Object(error), "cause")].join(": ") };
  }
}

async function refused(step: Step, response: Response): Promise<Answered> {
  const told: unknown = await response.json().catch(() => null);
  const word = (name: "code" | "reference") => {
    const value = typeof told === "object" && told !== null && name in told ? Reflect.get(told, name) : null;
    return typeof value === "string" ? value : null;
  };
  return { kind: "refused", step, status: response.status, code: word("code"), reference: word("reference") };
}

/** What the session door says to whoever holds these cookies: status, and whose session it is. */
export async function askSession(
  site: string,
  jar: CookieJar,
): Promise<{ readonly status: number; readonly email: string | null; readonly userId: string | null }> {
  const response = await new Person(site, { jar }).request("/auth/session", { api: true, headers: ALONE });
  if (response.status !== 200) return { status: response.status, email: null, userId: null };
  const { user } = (await response.json()) as {
    readonly user: { readonly id: string; readonly email: string };
  };
  return { status: 200, email: user.email, userId: user.id };
}

/** A moment or a while, in milliseconds of `performance.now()`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Calls `work` and says when that was. */
export async function timed<T>(work: () => Promise<T>): Promise<Span & { readonly result: T }> {
  const from = performance.now();
  const result = await work();
  return { from, to: performance.now(), result };
}
