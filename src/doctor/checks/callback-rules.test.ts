import { expect, test } from "vitest";
import type { RedirectRule } from "../../providers/hooks.ts";
import { oidc } from "../../providers/oidc.ts";
import { checkCallbackRules } from "./callback-rules.ts";

function judge(redirectUri: string, ...redirectRules: readonly RedirectRule[]) {
  const issuer = "https://sso.example.com";
  const definition = oidc({ id: "corp", name: "Corp", issuer, clientId: "a", clientSecret: "b" });
  const guide = {
    register: "",
    advice: {},
    facts: { subject: "sub", emailVerified: "yes" as const },
    redirectRules,
  };
  return checkCallbackRules({ ...definition, guide }, redirectUri).status;
}

test.each<[RedirectRule, string, string]>([
  ["https_only", "https://admin.acme.cn/cb", "ok"],
  ["https_only", "http://admin.acme.cn/cb", "fail"],
  ["https_only", "http://localhost:4180/cb", "info"],
  ["no_localhost", "http://localhost:4180/cb", "fail"],
  ["no_localhost", "http://127.0.0.1:4180/cb", "fail"],
  ["no_localhost", "https://admin.acme.cn/cb", "ok"],
  ["no_ip", "https://203.0.113.7/cb", "fail"],
  ["no_ip", "https://[2001:db8::1]/cb", "fail"],
  ["no_ip", "http://127.0.0.1:4180/cb", "ok"],
  ["public_tld_only", "https://admin.acme.cn/cb", "ok"],
  ["public_tld_only", "https://admin.corp/cb", "fail"],
  ["public_tld_only", "https://admin/cb", "fail"],
  ["public_tld_only", "https://admin.acme.local./cb", "fail"],
  ["public_tld_only", "http://localhost:4180/cb", "ok"],
  ["exact", "http://admin.internal/cb", "ok"],
])("%s of %s is %s", (rule, redirectUri, status) => {
  expect(judge(redirectUri, rule)).toBe(status);
});

test("every rule that is broken counts", () => {
  expect(judge("http://localhost:4180/cb", "https_only", "no_localhost")).toBe("fail");
});
