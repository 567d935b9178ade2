import type { TokenSet } from "../../model/token-set.ts";
import type { TokenPlacement } from "../hooks.ts";
import type { AppToken } from "./app-token.ts";
import type { Carried } from "./send.ts";

/** Does something with the token that is wanted; that of the application is had anew when it turns out to have ended. */
export function withToken<T>(
  { token = "user", in: where = "bearer" }: TokenPlacement = {},
  tokens: TokenSet | null,
  appToken: AppToken | null,
  work: (carried: Carried) => Promise<T>,
): Promise<T> {
  switch (token) {
    case "none":
      return work({ token: null });
    case "user":
      // Defects of a definition, not of its provider.
      if (tokens === null)
        throw new Error("A request wants the person's token, but there is no token request.");
      return work({ token: tokens.accessToken, in: where });
    case "app":
      if (appToken === null)
        throw new Error("A request wants the application's token, but none is described.");
      return appToken.use((own) => work({ token: own, in: where }));
  }
}
