import {
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditEvent,
  type AuditQuery,
} from "../../model/audit-event.ts";
import { isRoleName } from "../../model/role.ts";
import type { Postern } from "../../postern.ts";
import { nearest } from "../../web/nearest.ts";
import { auditEventDetail, auditEventLine } from "../audit-event-text.ts";
import { auditNames } from "../audit-names.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { findPerson, rfc3339 } from "../people.ts";
import { printable } from "../printable.ts";
import { withPostern } from "../with-postern.ts";

const DEFAULT_LIMIT = 50;
/** As many as the log gives at once. */
const MOST = 1000;
/** `usr_…`, `ses_…` and the like. */
const ID = /^[a-z]{2,4}_[0-9a-z]{26}$/;

/** `postern audit list`: what happened, newest first. Reads only. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags } = invocation;
  const limit = readLimit(flags.limit);
  const action = flags.action === undefined ? null : readAction(flags.action);
  const reference = flags.reference === undefined ? null : readReference(flags.reference);
  await withPostern(invocation, async ({ door }) => {
    const target = flags.target === undefined ? null : await readTarget(door, flags.target);
    const query: AuditQuery = {
      ...(reference !== null && { reference }),
      ...(action !== null && { action }),
      ...(target !== null && { target }),
      limit,
    };
    const events = await door.audit.list(query);
    if (reference !== null && events.length === 0) throw referenceNotFound(reference);
    await print(invocation, door, events);
  });
}

/** @throws CliFailure `invalid_argument` */
function readLimit(limit: string | undefined): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  const count = Number(limit);
  if (!/^[1-9]\d{0,8}$/.test(limit))
    throw new CliFailure("invalid_argument", (words) => words.notACount("--limit", limit));
  if (count > MOST) throw new CliFailure("invalid_argument", ({ audit }) => audit.limitTooHigh(count, MOST));
  return count;
}

/** @throws CliFailure `invalid_argument`, with the nearest one */
function readAction(typed: string): AuditAction {
  const action = AUDIT_ACTIONS.find((one) => one === typed);
  if (action !== undefined) return action;
  const guess = nearest(typed, AUDIT_ACTIONS);
  throw new CliFailure("invalid_argument", ({ audit }) => audit.unknownAction(printable(typed), guess), {
    hint: ({ audit }) => audit.knownActions(AUDIT_ACTIONS.join(", ")),
    more: { option: "--action", didYouMean: guess, allowed: AUDIT_ACTIONS },
  });
}

/** As it is read out or typed off a page: capitals do not matter, nor does the hyphen. */
function readReference(typed: string): string {
  const plain = typed.toUpperCase().replace(/[\s-]/g, "");
  return plain.length === 8 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain;
}

/**
 * Whatever has an id by it, also when it is gone; a role by its name, when there is one or was one; people also as
 * everywhere else. @throws CliFailure as `findPerson` does
 */
async function readTarget(door: Postern, typed: string): Promise<string> {
  if (ID.test(typed)) return typed;
  if (isRoleName(typed) && (await isOrWasRole(door, typed))) return typed;
  const deleted = await door.users.findDeleted(typed);
  const [gone] = deleted;
  const isGone = deleted.length === 1 && (await door.users.find(typed)).length === 0;
  return gone !== undefined && isGone ? gone.user.id : (await findPerson(door, typed)).id;
}

async function isOrWasRole({ roles, audit }: Postern, name: string): Promise<boolean> {
  return (await roles.get(name)) !== null || (await audit.list({ target: name, limit: 1 })).length > 0;
}

function referenceNotFound(reference: string): CliFailure {
  return new CliFailure("event_not_found", ({ audit }) => audit.referenceNotFound(printable(reference)), {
    hint: ({ audit }) => audit.referenceNotFoundHint,
    more: { reference },
  });
}

async function print(invocation: Invocation, door: Postern, events: readonly AuditEvent[]): Promise<void> {
  const { out, words } = invocation;
  if (out.jsonl) return void events.map(asDocument).forEach(out.jsonLine);
  if (out.json) return out.answer({ items: events.map(asDocument) }, "");
  if (events.length === 0) return out.say(words.audit.nothing);
  if (!out.terminal)
    return out.table(
      [],
      events.map((event) => forPrograms(event, out.verbose)),
    );
  const namesOf = auditNames(door, words);
  for (const event of events) {
    out.print(auditEventLine(words, event, await namesOf(event)));
    if (out.verbose) out.print(auditEventDetail(words, event).join("\n"));
  }
}

/** An event as `--json` shows it. Times are RFC 3339 in UTC. */
function asDocument(event: AuditEvent) {
  return { ...event, at: rfc3339(event.at) };
}

/** The id first, in words that do not change with the language; the detail as JSON with `--verbose`. */
function forPrograms(event: AuditEvent, verbose: boolean): readonly string[] {
  const { id, at, action, actor, target, reason, reference, address, detail } = event;
  const columns = [
    id,
    rfc3339(at),
    action,
    actor,
    target ?? "",
    reason ?? "",
    reference ?? "",
    address ?? "",
  ];
  return verbose ? [...columns, JSON.stringify(detail)] : columns;
}
