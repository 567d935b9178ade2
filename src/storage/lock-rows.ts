import type { EngineName } from "./schema.ts";

/** Holds the rows that are read until the transaction ends. SQLite lets in one writer at a time anyway. */
export function lockRows<Query extends { forUpdate(): Query }>(engine: EngineName, query: Query): Query {
  return engine === "sqlite" ? query : query.forUpdate();
}

/** The same, but leaves out the rows that somebody else holds already. */
export function lockFreeRows<Query extends { forUpdate(): Query; skipLocked(): Query }>(
  engine: EngineName,
  query: Query,
): Query {
  return engine === "sqlite" ? query : query.forUpdate().skipLocked();
}
