import { expect, test } from "vitest";
import { createExpiringMap } from "./expiring-map.ts";

test("an entry is forgotten when its life is over, and lives anew when it is set again", () => {
  let now = 0;
  const map = createExpiringMap<string>(() => now, 1000);
  map.set("a", "first");
  now = 999;
  expect(map.get("a")).toBe("first");
  map.set("a", "second");
  now = 1998;
  expect(map.get("a")).toBe("second");
  now = 1999;
  expect(map.get("a")).toBeNull();
});

test("beyond its capacity the oldest go first", () => {
  const map = createExpiringMap<number>(() => 0, 1000, 2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 3);
  map.set("c", 4);
  expect([map.get("a"), map.get("b"), map.get("c")]).toEqual([3, null, 4]);
});
