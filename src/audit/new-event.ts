import { newId } from "../crypto/random.ts";
import type { AuditEvent } from "../model/audit-event.ts";

/** What an event tells beyond who, what and when; all of it may be left out. */
type Told = Pick<AuditEvent, "action"> & Partial<Omit<AuditEvent, "id" | "at" | "action">>;

/** Makes an audit event; the caller writes it in the transaction of what it tells. */
export function newEvent(now: number, told: Told): AuditEvent {
  return {
    id: newId("aud_", now),
    at: now,
    actor: "anonymous",
    target: null,
    reference: null,
    reason: null,
    address: null,
    detail: {},
    ...told,
  };
}
