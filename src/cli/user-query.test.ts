import { describe, expect, test } from "vitest";
import { CliFailure } from "./failure.ts";
import { readUserQuery } from "./user-query.ts";

describe("a query", () => {
  test.each([
    ["", {}],
    ["   ", {}],
    ["ada", { text: "ada" }],
    ["li wei", { text: "li wei" }],
    ["role:admin status:active wei", { role: "admin", status: "active", text: "wei" }],
    ['"ada marsh"', { text: "ada marsh" }],
    ['"role:admin"', { text: "role:admin" }],
    ['role:"order desk"', { role: "order desk" }],
    ["李伟", { text: "李伟" }],
    ["ada@demo.example", { text: "ada@demo.example" }],
    ["100%_", { text: "100%_" }],
  ])("%j", (query, filter) => {
    expect(readUserQuery(query)).toEqual(filter);
  });

  test.each([
    ["rol:admin", "unknown_filter", { didYouMean: "role" }],
    ["-role:admin", "unknown_filter", { filter: "-role" }],
    ["created:2026", "unknown_filter", { didYouMean: null }],
    ["status:asleep", "invalid_argument", {}],
  ])("%j is refused", (query, code, more) => {
    expect(() => readUserQuery(query)).toThrow(
      expect.objectContaining({ code, more: expect.objectContaining(more) }),
    );
    expect(() => readUserQuery(query)).toThrow(CliFailure);
  });
});
