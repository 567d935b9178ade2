import { expect, test } from "vitest";
import { checkMemberNames, checkOptionNames } from "./check-option-names.ts";

interface Options {
  readonly id?: string;
  readonly name?: string;
  readonly clientId: string | undefined;
  readonly domain?: string;
  readonly team?: { readonly group?: string; readonly role?: string };
}

const FINE: Options = { id: "a", name: "A", clientId: "1", domain: "example.com", team: {} };

test("lets every known name pass, and tells the nearest of one that is not", () => {
  expect(checkOptionNames(FINE, "domain team")()).toEqual([]);
  const written: Options = Object.assign({ domian: "example.com", hosted: true }, FINE);
  expect(checkOptionNames(written, "domain team")()).toEqual([
    {
      path: "domian",
      message: "is not an option",
      fix: 'Did you mean "domain"? Rename or remove it.',
    },
    {
      path: "hosted",
      message: "is not an option",
      fix: "Remove it. Known are: id, name, clientId, keepTokens, domain, team.",
    },
  ]);
});

test("looks into an option that has members", () => {
  const team: Options["team"] = Object.assign({ rolle: "admin" }, { group: "ops" });
  expect(checkMemberNames("team", team, "group role")()).toMatchObject([
    { path: "team.rolle", fix: 'Did you mean "role"? Rename or remove it.' },
  ]);
});

test.each([undefined, null, "ops", 7])("says nothing about %j, which has no names", (given) => {
  expect(checkMemberNames("team", given as Options["team"], "group role")()).toEqual([]);
});

test("does not compile when the list lacks an option or has one too many", () => {
  // @ts-expect-error: lacks team
  expect(checkOptionNames(FINE, "domain")()).toHaveLength(1);
  // @ts-expect-error: has teams, which is no option
  expect(checkOptionNames(FINE, "domain team teams")()).toEqual([]);
  // @ts-expect-error: lacks role
  expect(checkMemberNames("team", { group: "ops", role: "admin" }, "group")()).toHaveLength(1);
});
