import type { Provider } from "../providers/provider.ts";
import { isFrontEndUrl, type ReturnTarget } from "../web/return-target.ts";

/**
 * Origins that a form may lead to which begins a sign-in, since browsers apply `form-action` to the redirects that follow
 * the POST as well: those of the providers, and the front end that somebody whom the provider knows is back at at once.
 */
export async function signInOrigins(
  providers: readonly Provider[],
  returnTo: ReturnTarget,
): Promise<readonly string[]> {
  const origins = await Promise.all(providers.map((provider) => provider.formActionOrigins()));
  return [...origins.flat(), ...(isFrontEndUrl(returnTo) ? [new URL(returnTo).origin] : [])];
}
