import { expect, test } from "vitest";
import { SILENT_LOG } from "../model/log.ts";
import { revokeTokens } from "./revoke-tokens.ts";

test("tokens of a provider that is not configured any more go on to be good there, and the log says so", async () => {
  const logged: object[] = [];
  const log = {
    ...SILENT_LOG,
    warn: (fields: object, message: string) => void logged.push({ ...fields, message }),
  };
  const tokens = {
    accessToken: "an-access-token",
    refreshToken: "a-refresh-token",
    idToken: null,
    expiresAt: null,
    scope: null,
  };
  const owner = { userId: "usr_1", identityId: "idn_1", provider: "gone" };
  await revokeTokens({ providers: new Map(), log }, [{ ...owner, tokens }]);
  expect(logged).toEqual([
    {
      provider: "gone",
      identityId: "idn_1",
      reason: "provider_not_configured",
      message: "Tokens could not be revoked at the provider.",
    },
  ]);
});
