import { expect, test } from "vitest";
import { ConfigError } from "./errors.ts";
import type { AccessCondition } from "./model/access-rule.ts";
import { checkOptions } from "./options-check.ts";
import { github } from "./providers/github.ts";
import { oidc } from "./providers/oidc.ts";

const CLIENT = { clientId: "client-1", clientSecret: "secret-of-the-client" };
const BARE = {
  ...oidc({ id: "bare", name: "Bare", issuer: "https://sso.example", ...CLIENT }),
  membership: {},
};

function problemsOf(when: unknown) {
  const options = {
    publicUrl: "https://admin.example.com",
    secret: "a-secret-for-tests-0123456789-abcdefgh",
    providers: [github(CLIENT), BARE],
    access: [{ when: when as AccessCondition, then: "allow" as const }],
  };
  try {
    checkOptions(options, {});
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test("a check of a configured provider is fine", () => {
  expect(problemsOf({ github: { team: "acme/ops" }, emailDomain: "example.com" })).toEqual([]);
});

test.each([
  [{ githab: { team: "acme/ops" } }, "access[0].when.githab", "github"],
  [{ emialDomain: "example.com" }, "access[0].when.emialDomain", "emailDomain"],
  [{ github: { taem: "acme/ops" } }, "access[0].when.github.taem", "team"],
  [{ github: { team: "" } }, "access[0].when.github.team", "acme/ops"],
  [{ github: { team: ["acme/ops"] } }, "access[0].when.github.team", "acme/ops"],
  [{ github: {} }, "access[0].when.github", "Write github: {"],
  [{ github: "acme/ops" }, "access[0].when.github", "Write github: {"],
  [{ bare: { group: "ops" } }, "access[0].when.bare", "emailDomain"],
  [{ provider: "bare", github: { team: "acme/ops" } }, "access[0].when.github", "Leave out provider."],
])("%j is told at its place, with a way to mend it", (when, path, fix) => {
  expect(problemsOf(when)).toMatchObject([{ path, fix: expect.stringContaining(fix) }]);
});
