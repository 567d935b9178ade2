import { expect, test } from "vitest";
import { usedChecks } from "./used-checks.ts";

test("those inside combinations too, and no words of conditions", () => {
  const team = (name: string) => ({ github: { [`team-${name}`]: "acme/ops" } });
  const access = [
    { when: { any: [team("any"), { all: [team("all")] }] }, then: "allow" },
    { when: { not: { not: team("not") } }, then: "deny" },
    { when: { claim: { path: "hd", equals: "example.com" }, tenant: "https://a.example" }, then: "ask" },
  ] as const;
  expect(usedChecks(access, "github")).toEqual(["team-any", "team-all", "team-not"]);
  expect(usedChecks(access, "claim")).toEqual([]);
});

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
