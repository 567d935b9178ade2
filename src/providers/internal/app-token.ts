import { readAnswer } from "../../oauth/answer.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { Outbound } from "../../oauth/outbound.ts";
import { expiry } from "../../oauth/token-response.ts";
import type { ProviderDefinition } from "../definition.ts";
import type { AppTokenHook } from "../hooks.ts";
import { at } from "./at.ts";
import { send } from "./send.ts";

/** The application's own token, kept between sign-ins. */
export interface AppToken {
  /** Runs `work` with the token, and once more with a new one when the provider says that it has ended. */
  use<T>(work: (token: string) => Promise<T>): Promise<T>;
}

interface Kept {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** A token is not used in its last minute, in milliseconds. */
const MARGIN = 60_000;
/** How long one is kept whose life is not told, in milliseconds. */
const UNTOLD = 5 * 60_000;

/** Fetches the token when it is first needed, once for everybody who asks meanwhile. */
export function createAppToken(
  hook: AppTokenHook,
  definition: Pick<ProviderDefinition, "clientId" | "clientSecret">,
  deps: { readonly outbound: Outbound; readonly now: () => number },
): AppToken {
  let kept: Kept | null = null;
  let pending: Promise<string> | null = null;

  async function load(): Promise<string> {
    kept = await fetchToken(hook, definition, deps);
    return kept.token;
  }

  async function get(): Promise<string> {
    if (kept !== null && deps.now() < kept.until) return kept.token;
    pending ??= load().finally(() => {
      pending = null;
    });
    return pending;
  }

  return {
    async use(work) {
      const token = await get();
      try {
        return await work(token);
      } catch (error) {
        if (!hasEnded(error, hook.expiredCodes)) throw error;
        // Somebody else may have fetched a new one by now.
        if (kept?.token === token) kept = null;
        return await work(await get());
      }
    },
  };
}

async function fetchToken(
  hook: AppTokenHook,
  { clientId, clientSecret }: Pick<ProviderDefinition, "clientId" | "clientSecret">,
  { outbound, now }: { readonly outbound: Outbound; readonly now: () => number },
): Promise<Kept> {
  const response = await send(
    hook.request({ clientId, clientSecret }),
    { token: null },
    "app_token",
    outbound,
  );
  const body = await readAnswer(response, hook.read ?? {}, "app_token");
  const token = at(body, hook.field);
  if (typeof token !== "string" || !/^[\x21-\x7e]{1,4096}$/.test(token)) {
    throw new OAuthFailure("provider_untrusted", "token_response_malformed", { endpoint: "app_token" });
  }
  const ends = expiry(at(body, hook.expiresField), now());
  return { token, until: ends === null ? now() + UNTOLD : ends - MARGIN };
}

function hasEnded(error: unknown, expiredCodes: readonly string[]): boolean {
  if (!(error instanceof OAuthFailure)) return false;
  return [error.detail.providerCode, error.detail.status].some(
    (code) => code !== undefined && expiredCodes.includes(String(code)),
  );
}
