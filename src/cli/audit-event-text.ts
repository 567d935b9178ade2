import type { AuditEvent } from "../model/audit-event.ts";
import { rfc3339 } from "./people.ts";
import { printable, printableJson } from "./printable.ts";
import { pad, textWidth } from "./text-width.ts";
import type { EventNames } from "./words/audit-en.ts";
import type { Words } from "./words/en.ts";

/** An event as people read it: when, and one sentence with the cause; its reference where somebody was shown one. */
export function auditEventLine({ audit }: Words, event: AuditEvent, names: EventNames): string {
  const { at, action, reference } = event;
  const causes = causesOf(event);
  return [
    `${rfc3339(at).slice(0, "2026-11-23T18:50:19".length).replace("T", " ")}Z`,
    `${audit.sentences[action](names)}${causes.length === 0 ? "" : ` (${causes.join(", ")})`}`,
    ...(reference === null ? [] : [reference]),
  ].join("  ");
}

/** Everything else that is kept of an event, a line each. */
export function auditEventDetail({ audit }: Words, event: AuditEvent): readonly string[] {
  const { id, actor, target, address, detail } = event;
  const { details } = audit;
  const pairs: readonly (readonly [string, unknown])[] = [
    [details.id, id],
    [details.actor, actor],
    [details.target, target],
    [details.address, address],
    ...Object.entries(detail),
  ];
  const told = pairs.filter(([, value]) => value !== null);
  const width = Math.max(...told.map(([label]) => textWidth(label)));
  return told.map(([label, value]) => `    ${pad(printable(label), width)}  ${shown(value)}`);
}

/** The code, the finer cause behind it, and why in the actor's own words. */
function causesOf({ reason, detail }: AuditEvent): readonly string[] {
  const { cause, reason: remark } = detail;
  const codes = [reason, cause].filter((code) => typeof code === "string");
  return [
    ...[...new Set(codes)].map(printable),
    ...(typeof remark === "string" ? [`"${printable(remark)}"`] : []),
  ];
}

function shown(value: unknown): string {
  return typeof value === "string" ? printable(value) : printableJson(value, 0);
}
