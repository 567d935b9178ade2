import type { MisbehaviourMode } from "./misbehaviours.ts";

export interface PickOptions {
  /** Rehearses a failure in this attempt alone. */
  readonly misbehave?: MisbehaviourMode | undefined;
  /** Presses Cancel instead. Default false. */
  readonly cancel?: boolean | undefined;
}

/**
 * Does in a test what a person does in the browser: answers the picker at an authorization address of either kind,
 * and gives back the callback address. @throws Error when the provider sent nobody anywhere
 */
export async function pickPersona(
  authorizationUrl: URL | string,
  persona: string,
  options: PickOptions = {},
): Promise<URL> {
  const form = new URLSearchParams({ persona });
  if (options.cancel === true) form.set("decision", "cancel");
  if (options.misbehave !== undefined) form.set("misbehave", options.misbehave);
  const response = await fetch(authorizationUrl, { method: "POST", body: form, redirect: "manual" });
  const location = response.headers.get("location");
  await response.body?.cancel();
  if (location === null)
    throw new Error(`The rehearsal provider answered ${response.status} instead of a redirect`);
  return new URL(location);
}
