import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { PosternOptions } from "../options.ts";
import { explainRefusal } from "./explain-refusal.ts";

const OPTIONS: Partial<PosternOptions> = {
  access: [
    { when: { claim: { path: "access_token", equals: "x" } }, then: "allow" },
    { when: { all: [{ provider: "github" }, { emailDomain: "example.com" }] }, then: "allow" },
  ],
};
const ANA: UserInfo = {
  issuer: "https://github.com",
  subject: "583231",
  handle: "ana",
  name: "Ana",
  email: "ana@example.com",
  emailVerified: false,
  picture: null,
  groups: null,
  subjectAliases: [],
  claims: { access_token: "gho_do-not-show" },
};
const ARRIVAL = { provider: "github", userInfo: ANA, facts: [] };

let development: TestRuntime;
let production: TestRuntime;
beforeAll(async () => {
  development = await openTestRuntime({ ...OPTIONS, publicUrl: "http://localhost:4180" });
  production = await openTestRuntime(OPTIONS);
});
afterAll(async () => {
  await development?.close();
  await production?.close();
});

test("in development: who arrived, and of each rule what made its answer; no token", async () => {
  const refused = { code: "email_unverified", reason: "no_rule" } as const;
  const told = await explainRefusal(development.runtime, ARRIVAL, refused);
  expect(told).toEqual({
    reason: "no_rule",
    provider: "github",
    issuer: "https://github.com",
    subject: "583231",
    handle: "ana",
    email: "ana@example.com",
    emailVerified: false,
    "access[0]": expect.stringMatching(/^allow, does not match: claim/),
    "access[1]": expect.stringMatching(
      /^allow, .*: all\[1\]\.emailDomain \(wanted example\.com.*unverified\)$/,
    ),
  });
  expect(JSON.stringify(told)).not.toContain("gho_");
});

test("in production, and where no rule decided: the reason alone", async () => {
  for (const code of ["not_allowed", "email_unverified", "no_role"] as const)
    expect(await explainRefusal(production.runtime, ARRIVAL, { code, reason: "no_rule" })).toEqual({
      reason: "no_rule",
    });
  const suspended = { code: "suspended", reason: "suspended" } as const;
  expect(await explainRefusal(development.runtime, ARRIVAL, suspended)).toEqual({ reason: "suspended" });
});
