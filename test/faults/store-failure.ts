import { expect } from "vitest";
import { sessionCookieOf } from "../attacks/stage.ts";
import type { BackOffice } from "../support/back-office.ts";
import { type Canaries, findCanaries, textOfAnswer } from "../support/canaries.ts";

/** The promise when the store cannot be reached: the page for it, its reference in the log, no session, no secret. */
export async function expectStoreFailure(
  office: BackOffice,
  response: Response,
  canaries: Canaries,
): Promise<void> {
  const body = await response.text();
  expect(response.status).toBe(503);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.getSetCookie()).toEqual([]);
  expect(sessionCookieOf(response)).toBeNull();
  // There is no store to write it to, so the log has to know it.
  const reference = /[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}/.exec(body)?.[0] ?? "none";
  const log = office.logged.join("\n");
  expect(log).toContain(reference);
  expect(log).toContain("store_unavailable");
  expect(findCanaries({ answer: textOfAnswer(response, body), log }, canaries)).toEqual([]);
}
