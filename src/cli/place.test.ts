import { resolve } from "node:path";
import { expect, test } from "vitest";
import { describeDatabase } from "./place.ts";

test.each([
  ["postgres://app:secret@db:5432/prod?password=secret&sslmode=require", "postgres://app@db:5432/prod"],
  ["postgresql://db/prod", "postgresql://db/prod"],
  ["postgres:///prod?host=/run/postgresql", "postgres:///prod"],
  ["postgres://app:sec/ret@db/prod", "postgres://…"],
  ["postgres://app:12/secret@db/prod", "postgres://…"],
  ["postgres//app:secret@db/prod", "postgres//app://…"],
  ["file:.postern/postern.db", resolve(".postern/postern.db")],
  ["file:///var/lib/postern.db", "/var/lib/postern.db"],
  ["file:/var/lib/postern.db", "/var/lib/postern.db"],
])("%s is shown as %s", (database, shown) => {
  expect(describeDatabase(database)).toBe(shown);
  expect(shown).not.toContain("secret");
});
