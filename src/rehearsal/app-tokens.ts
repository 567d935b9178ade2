import { randomBytes } from "node:crypto";
import type { LookAlike } from "./endpoints.ts";
import { createExpiringMap } from "./expiring-map.ts";

/** Seconds that a token of an application lives. */
export const APP_TOKEN_SECONDS = 7200;

/** Tokens of applications themselves, which belong to no person. */
export interface AppTokens {
  issue(flavour: LookAlike, clientId: string): string;
  /** The application a token belongs to; `null` = unknown, ended, or given out by another look-alike. */
  find(flavour: LookAlike, token: string): string | null;
  /** Ends one before its time. */
  end(token: string): void;
}

/** Keeps the tokens in memory. `now` in milliseconds. */
export function createAppTokens(now: () => number): AppTokens {
  const tokens = createExpiringMap<{ flavour: LookAlike; clientId: string }>(now, APP_TOKEN_SECONDS * 1000);
  return {
    issue(flavour, clientId) {
      const token = `app-${randomBytes(24).toString("hex")}`;
      tokens.set(token, { flavour, clientId });
      return token;
    },
    find(flavour, token) {
      const found = tokens.get(token);
      return found?.flavour === flavour ? found.clientId : null;
    },
    end: (token) => tokens.delete(token),
  };
}
