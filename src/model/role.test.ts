import { expect, test } from "vitest";
import { BUILT_IN_ROLES, effectiveRoles, sufficientRoles } from "./role.ts";

test.each([
  ["owner", ["admin", "auditor", "member", "owner"]],
  ["admin", ["admin", "member"]],
  ["auditor", ["auditor", "member"]],
  ["member", ["member"]],
  ["support", ["support"]],
])("who holds %s has %j", (held, roles) => {
  expect([...effectiveRoles([held])].sort()).toEqual(roles);
});

test("several roles count together, each once", () => {
  expect([...effectiveRoles(["auditor", "support", "admin"])].sort()).toEqual([
    "admin",
    "auditor",
    "member",
    "support",
  ]);
  expect(effectiveRoles([]).size).toBe(0);
});

test.each(["constructor", "toString", "__proto__"])(
  "a role of the application called %s is like any other",
  (role) => {
    expect([...effectiveRoles([role])]).toEqual([role]);
    expect([...sufficientRoles([role])]).toEqual([role]);
  },
);

test("a role is enough exactly where holding it is having what is wanted", () => {
  const roles = [...BUILT_IN_ROLES, "support"];
  for (const wanted of roles) {
    for (const held of roles) {
      expect(sufficientRoles([wanted]).has(held), `${held} for ${wanted}`).toBe(
        effectiveRoles([held]).has(wanted),
      );
    }
  }
});
