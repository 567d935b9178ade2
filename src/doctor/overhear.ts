import { asObject, type JsonObject, parseJson } from "../oauth/json.ts";
import type { Outbound } from "../oauth/outbound.ts";

/** An answer that was given to somebody else. */
export interface Heard {
  readonly url: string;
  /** `null` when it is no JSON object. */
  readonly body: JsonObject | null;
}

/** A client that keeps the last answer of each endpoint, so that a check sees what a sign-in would see. */
export interface Overheard extends Outbound {
  /** `null` = it has not answered. */
  last(endpoint: "discovery" | "jwks"): Heard | null;
}

/** Listens to a client. Only public documents are kept. */
export function overhear(outbound: Outbound): Overheard {
  const heard = new Map<string, Heard>();
  return {
    async fetch(url, init) {
      const response = await outbound.fetch(url, init);
      if (init.endpoint === "discovery" || init.endpoint === "jwks") {
        heard.set(init.endpoint, { url: String(url), body: read(await response.clone().text()) });
      }
      return response;
    },
    last: (endpoint) => heard.get(endpoint) ?? null,
    isCutOff: (caller) => outbound.isCutOff(caller),
    close: () => outbound.close(),
  };
}

function read(text: string): JsonObject | null {
  try {
    return asObject(parseJson(text));
  } catch {
    return null;
  }
}
