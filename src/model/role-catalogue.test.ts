import { expect, test } from "vitest";
import { roleCatalogue } from "./role-catalogue.ts";

const catalogue = roleCatalogue({
  support: ["orders.read"],
  lead: ["orders.refund", "orders.read"],
  member: ["menu.read"],
});

test.each([
  { held: ["support"], permissions: ["orders.read"] },
  { held: ["lead", "support"], permissions: ["orders.read", "orders.refund"] },
  { held: ["admin"], permissions: ["menu.read"] },
  { held: ["owner"], permissions: ["menu.read", "orders.read", "orders.refund"] },
  { held: ["constructor", "once-there"], permissions: [] },
  { held: [], permissions: [] },
])("$held may do $permissions", ({ held, permissions }) => {
  expect(catalogue.permissionsOf(held)).toEqual(permissions);
  expect(catalogue.rightsOf(held)).toEqual({ roles: held.toSorted(), permissions });
});

test("whoever holds the same roles shares the same lists, which nobody can change", () => {
  const rights = catalogue.rightsOf(["support", "lead"]);
  expect(catalogue.rightsOf(["lead", "support"])).toBe(rights);
  expect(catalogue.rightsOf(["lead"])).not.toBe(rights);
  expect([rights, rights.roles, rights.permissions].every(Object.isFrozen)).toBe(true);
});

test("names that differ only in where they are cut are different roles", () => {
  expect(catalogue.rightsOf(["lead,support"])).not.toEqual(catalogue.rightsOf(["lead", "support"]));
});
