import type { Person } from "../../src/testing/person.ts";

/** Presses the button of a provider on the page for confirming; answers where the provider is. */
export async function startStepUp(person: Person, provider: string, returnTo = "/payroll"): Promise<URL> {
  const response = await person.post(`/auth/step-up/${provider}`, { return_to: returnTo });
  if (response.status !== 303) throw new Error(`step-up answered ${response.status}`);
  return new URL(response.headers.get("location") ?? "");
}

/** Confirms at a provider that it is them; answers the response of the callback. */
export async function stepUp(
  person: Person,
  provider: string,
  persona: string,
  { returnTo = "/payroll", ...extra }: Record<string, string> = {},
): Promise<Response> {
  return person.comeBack(await person.choose(await startStepUp(person, provider, returnTo), persona, extra));
}
