import type { AuditEvent } from "../model/audit-event.ts";
import type { Postern } from "../postern.ts";
import { nameOf } from "./people.ts";
import { printable } from "./printable.ts";
import { applicantName } from "./requests.ts";
import type { EventNames } from "./words/audit-en.ts";
import type { Words } from "./words/en.ts";

/** Answers what people call those whom an event tells of; every person is looked up once. */
export function auditNames(door: Postern, { audit }: Words): (event: AuditEvent) => Promise<EventNames> {
  const known = new Map<string, Promise<string>>();
  const name = (id: string): Promise<string> => {
    const found = known.get(id) ?? lookUp(door, id, audit.anyone);
    known.set(id, found);
    return found;
  };

  return async ({ actor, target, detail }) => {
    const about = text(detail.userId) ?? target;
    const person = calledThere(detail) ?? (about === null ? audit.somebody : await name(about));
    return {
      actor: ACTORS.has(actor) ? audit[ACTORS.get(actor) ?? "somebody"] : await name(actor),
      person: printable(person),
      isSelf: about === actor,
      role: printable(rolesOf(detail)),
      provider: printable(text(detail.provider) ?? audit.somewhere),
    };
  };
}

const ACTORS: ReadonlyMap<string, "somebody" | "system"> = new Map([
  ["anonymous", "somebody"],
  ["system", "system"],
]);

/** What is not there any more, or has no name, is called by its id. */
async function lookUp(door: Postern, id: string, anyone: string): Promise<string> {
  if (id.startsWith("usr_")) {
    const user = (await door.users.get(id)) ?? (await door.users.findDeleted(id))[0]?.user;
    return user === undefined ? id : nameOf(user);
  }
  if (id.startsWith("arq_")) {
    const request = await door.requests.get(id);
    return request === null ? id : applicantName(request);
  }
  if (id.startsWith("inv_")) {
    const invitation = await door.invitations.get(id);
    return invitation === null ? id : (invitation.recipient?.who ?? anyone);
  }
  return printable(id);
}

/** What somebody is called at the provider, who need not be known here. */
function calledThere({ handle, email, provider, who }: AuditEvent["detail"]): string | null {
  const place = text(provider);
  const expected = text(who);
  if (expected !== null) return place === null ? expected : `${place}:${expected}`;
  return text(handle) ?? text(email);
}

function rolesOf({ role, roles }: AuditEvent["detail"]): string {
  return text(role) ?? (Array.isArray(roles) ? roles.join(", ") : "");
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
