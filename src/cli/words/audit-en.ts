import type { AuditAction } from "../../model/audit-event.ts";

/** What a sentence about an event may name, ready to be printed. */
export interface EventNames {
  /** Who did it. */
  readonly actor: string;
  /** Whom it is about: a name, or what they are called at the provider. */
  readonly person: string;
  /** True when they are one and the same. */
  readonly isSelf: boolean;
  /** One role, or several separated by commas; empty = none is told. */
  readonly role: string;
  readonly provider: string;
}

/** What `postern audit list` says, in English. */
export const audit = {
  unknownAction: (action: string, guess: string | null) =>
    `There is no action "${action}".${guess === null ? "" : ` Did you mean "${guess}"?`}`,
  knownActions: (actions: string) => `Known are: ${actions}`,
  limitTooHigh: (limit: number, most: number) => `--limit is ${limit}; it can be ${most} at most.`,
  referenceNotFound: (reference: string) => `No event has the reference "${reference}".`,
  referenceNotFoundHint: "What went wrong in the server itself is in its own log, under the same reference.",
  nothing: "Nothing has happened that fits.",

  somebody: "Somebody",
  system: "Postern",
  anyone: "whoever has the link",
  somewhere: "a provider",
  sentences: {
    "login.succeeded": ({ actor, provider }) => `${actor} signed in with ${provider}`,
    "login.failed": ({ person, provider }) => `${person} was not let in with ${provider}`,
    "login.cancelled": ({ actor, provider }) => `${actor} cancelled the sign-in with ${provider}`,
    "step_up.succeeded": ({ actor, provider }) => `${actor} confirmed with ${provider} that it is them`,
    "step_up.failed": ({ actor, provider }) =>
      `${actor} tried in vain to confirm with ${provider} that it is them`,
    "identity.linked": ({ actor, provider }) =>
      `${actor} added an account at ${provider} as a way to sign in`,
    "identity.link_failed": ({ actor, provider }) =>
      `${actor} tried in vain to add an account at ${provider}`,
    "identity.unlinked": ({ actor, person, provider, isSelf }) =>
      isSelf
        ? `${actor} removed an account at ${provider} as a way to sign in`
        : `${actor} removed the account ${person} at ${provider} as a way to sign in`,
    "session.ended": ({ actor, person, isSelf }) =>
      isSelf ? `${actor} ended a session of their own` : `${actor} ended a session of ${person}`,
    "session.refused": ({ person, provider }) =>
      `${person} came with a session of ${provider}, which is not configured`,
    "logout.received": ({ provider }) => `${provider} told that somebody's session there has ended`,
    "token.dropped": ({ person, provider }) => `The token of ${person} at ${provider} is kept no longer`,
    "user.created": ({ person }) => `${person} came in for the first time`,
    "user.updated": ({ actor, person }) => `${actor} changed ${person}`,
    "user.imported": ({ actor, person, role }) => `${actor} imported ${person}${withRole(role)}`,
    "users.exported": ({ actor }) => `${actor} exported people`,
    "user.suspended": ({ actor, person }) => `${actor} suspended ${person}`,
    "user.reactivated": ({ actor, person }) => `${actor} reactivated ${person}`,
    "user.merged": ({ actor, person }) => `${actor} merged ${person} into another account`,
    "user.deleted": ({ actor, person }) => `${actor} deleted ${person}`,
    "user.restored": ({ actor, person }) => `${actor} restored ${person}`,
    "user.purged": ({ actor, person }) => `${actor} forgot ${person} for good`,
    "role.granted": ({ actor, person, role }) => `${actor} gave ${person} the role ${role}`,
    "role.revoked": ({ actor, person, role }) => `${actor} took the role ${role} from ${person}`,
    "role.expired": ({ person, role }) => `the role ${role} of ${person} came to its end`,
    "grant.changed": ({ actor, person, role }) =>
      `${actor} changed until when ${person} has the role ${role}`,
    "role.created": ({ actor, role }) => `${actor} made the role ${role}`,
    "role.changed": ({ actor, role }) => `${actor} changed what the role ${role} is`,
    "role.removed": ({ actor, role }) => `${actor} removed the role ${role}`,
    "pending_grant.created": ({ actor, person, role }) =>
      `${actor} promised ${person} the role ${role} at the first sign-in`,
    "pending_grant.changed": ({ actor, person, role }) =>
      `${actor} changed until when the role ${role} is promised to ${person}`,
    "pending_grant.revoked": ({ actor, person, role }) =>
      `${actor} took back the role ${role} that waited for ${person}`,
    "rule.created": ({ actor, person }) => `${actor} added the access rule ${person}`,
    "rule.changed": ({ actor, person }) => `${actor} changed the access rule ${person}`,
    "rule.moved": ({ actor, person }) => `${actor} moved the access rule ${person}`,
    "rule.enabled": ({ actor, person }) => `${actor} switched on the access rule ${person}`,
    "rule.disabled": ({ actor, person }) => `${actor} switched off the access rule ${person}`,
    "rule.removed": ({ actor, person }) => `${actor} removed the access rule ${person}`,
    "rules.replaced": ({ actor }) => `${actor} replaced the access rules`,
    "pending_grant.needless": ({ person, role }) =>
      `the role ${role} does not wait for ${person} any more: they hold it`,
    "pending_grant.expired": ({ person, role }) => `the role ${role} does not wait for ${person} any more`,
    "access_request.created": ({ person }) => `${person} asked to be let in`,
    "access_request.approved": ({ actor, person, role }) =>
      `${actor} approved the request of ${person}${withRole(role)}`,
    "access_request.declined": ({ actor, person }) => `${actor} declined the request of ${person}`,
    "access_request.reopened": ({ actor, person }) => `${actor} opened the request of ${person} again`,
    "invitation.created": ({ actor, person, role }) => `${actor} invited ${person}${withRole(role)}`,
    "invitation.changed": ({ actor, person }) => `${actor} changed the invitation of ${person}`,
    "invitation.resent": ({ actor, person }) => `${actor} made a new link for the invitation of ${person}`,
    "invitation.revoked": ({ actor, person }) => `${actor} took back the invitation of ${person}`,
    "invitation.accepted": ({ actor, role }) => `${actor} accepted an invitation${withRole(role)}`,
    "invitation.refused": ({ actor }) => `${actor} came with an invitation in vain`,
    "api_key.created": ({ actor, person, isSelf }) =>
      isSelf ? `${actor} made an API key of their own` : `${actor} made an API key for ${person}`,
    "api_key.revoked": ({ actor, person, isSelf }) =>
      isSelf ? `${actor} revoked an API key of their own` : `${actor} revoked an API key of ${person}`,
    "owner_link.created": ({ actor }) => `${actor} made an owner link`,
    "owner_link.used": ({ actor }) => `${actor} became an owner by an owner link`,
    "break_glass.used": ({ actor }) => `${actor} came in by a break-glass link`,
    "break_glass.reviewed": ({ actor }) => `${actor} confirmed having seen that a break-glass link was used`,
    "webhook.given_up": ({ actor }) =>
      `${actor} gave up telling a webhook, which does not accept the message`,
    "webhook.stopped": ({ actor }) => `${actor} stopped telling a webhook, which asked for it (410)`,
    "webhook.resumed": ({ actor }) => `${actor} tells a webhook again, which has accepted a test`,
    "limit.reached": ({ actor }) => `${actor} came too often and is refused for a while`,
    "limit.passed": ({ actor }) => `${actor} was refused for having come too often; that is over`,
    "audit.pruned": ({ actor }) => `${actor} removed events whose time was over`,
  } satisfies Record<AuditAction, (names: EventNames) => string>,
  details: { id: "id", reference: "reference", address: "address", actor: "actor", target: "target" },
};

function withRole(role: string): string {
  return role === "" ? "" : `, with the role ${role}`;
}
