import { expect, test } from "vitest";
import { usedChecks } from "./used-checks.ts";

test("the checks of one provider, each once", () => {
  const access = [
    { when: { emailDomain: "example.com" }, then: "allow" },
    { when: { github: { team: "acme/ops" } }, then: "allow" },
    { when: { github: { team: "acme/admins", organization: "acme" } }, then: "deny" },
    { when: { gitlab: { group: "acme" } }, then: "allow" },
  ] as const;
  expect(usedChecks(access, "github")).toEqual(["team", "organization"]);
  expect(usedChecks(access, "google")).toEqual([]);
});
