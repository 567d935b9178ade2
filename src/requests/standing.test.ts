import { expect, test } from "vitest";
import type { AccessRequest } from "../model/access-request.ts";
import { standingOf } from "./standing.ts";

const NOW = Date.UTC(2026, 10, 23);
const PENDING: AccessRequest = {
  id: "arq_1",
  provider: "google",
  issuer: "https://accounts.example",
  subject: "1",
  userId: null,
  handle: null,
  name: null,
  email: null,
  emailVerified: null,
  note: null,
  status: "pending",
  createdAt: NOW - 1,
  decidedAt: null,
  decidedBy: null,
  role: null,
  reason: null,
  askAgainAt: null,
  enteredAt: null,
};
const APPROVED: AccessRequest = { ...PENDING, status: "approved", role: "member" };
const DECLINED: AccessRequest = { ...PENDING, status: "declined", reason: "no", askAgainAt: NOW };

test.each([
  ["who never asked may", null, null, { kind: "may-ask" }],
  ["who asked waits", PENDING, null, { kind: "pending", since: NOW - 1 }],
  ["who was approved enters", APPROVED, null, { kind: "approved" }],
  ["who came in with it has used it up", { ...APPROVED, enteredAt: NOW - 1 }, null, { kind: "may-ask" }],
  ["the same user enters", { ...APPROVED, userId: "usr_1" }, "usr_1", { kind: "approved" }],
  ["whoever was deleted since does not", { ...APPROVED, userId: "usr_1" }, null, { kind: "may-ask" }],
  ["nor as somebody else", { ...APPROVED, userId: "usr_1" }, "usr_2", { kind: "may-ask" }],
  [
    "who was declined waits to the last millisecond",
    { ...DECLINED, askAgainAt: NOW + 1 },
    null,
    { kind: "declined", reason: "no", askAgainAt: NOW + 1 },
  ],
  ["and no longer", DECLINED, null, { kind: "may-ask" }],
  ["who was reopened may ask at once", { ...DECLINED, askAgainAt: null }, null, { kind: "may-ask" }],
] as const)("%s", (_, request, userId, standing) => {
  expect(standingOf(request, userId, NOW)).toEqual(standing);
});
