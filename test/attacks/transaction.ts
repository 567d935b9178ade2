import type { CookieJar } from "../../src/testing/cookie-jar.ts";
import { Person } from "../../src/testing/person.ts";

/** A sign-in that has come as far as the provider's redirect back to us, not followed yet: path and query. */
export async function callbackOf(
  person: Person,
  provider: string,
  persona: string,
  returnTo = "/",
): Promise<string> {
  return person.pick(await person.start(provider, returnTo), persona);
}

/** The same callback with one parameter replaced; `null` takes it away. */
export function withParameter(callback: string, name: string, value: string | null): string {
  const url = new URL(callback, "http://localhost");
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  return url.pathname + url.search;
}

/** One parameter of a callback; empty when it is not there. */
export function parameterOf(callback: string, name: string): string {
  return new URL(callback, "http://localhost").searchParams.get(name) ?? "";
}

/** Names of the cookies of sign-ins that are under way in this browser. */
export function transactionCookies({ jar }: Person): readonly string[] {
  return jar.names().filter((name) => /^(__Host-)?postern-tx-/.test(name));
}

/** Somebody else with the same cookies: another tab at the same moment, or a thief. */
export function withCookies(site: string, jar: CookieJar): Person {
  const person = new Person(site);
  for (const name of jar.names()) person.jar.set(name, jar.get(name) ?? "");
  return person;
}
