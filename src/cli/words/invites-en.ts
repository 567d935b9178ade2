import type { InvitationState } from "../../model/invitation.ts";

/** What the commands about invitations say, in English. */
export const invites = {
  notFound: (id: string) => `There is no invitation "${id}".`,
  notFoundHint: "All of them: postern invites list",
  over: (state: string) => `Refused: this invitation is ${state}. Make a new one: postern invites create`,
  notALifetime: (value: string) =>
    `--expires is "${value}"; write minutes, hours or days from 1m to 30d, such as 72h.`,
  nobodyRecognised: (who: string) => `Nobody could be recognised by "${who}" when they sign in.`,
  nobodyRecognisedHint:
    "An e-mail address is written whole; --handle and --id begin with the id of a provider, such as github:octocat.",
  states: {
    pending: "pending",
    accepted: "accepted",
    expired: "expired",
    revoked: "revoked",
  } satisfies Record<InvitationState, string>,
  headings: {
    id: "ID",
    recipient: "FOR",
    roles: "ROLES",
    state: "STATE",
    until: "UNTIL",
    by: "BY",
    who: "ACCEPTED BY",
  },
  anyone: "anyone with the link",
  wouldInvite: (who: string, roles: string) => `Would invite ${who} as ${roles}.`,
  invited: (who: string, roles: string) => `An invitation for ${who}, as ${roles}. It works once:`,
  until: (time: string) => `Until ${time}. The link is shown this once; only its hash is kept.`,
  wouldResend: (who: string) => `Would make a new link for ${who}; the old one would be dead.`,
  resent: (who: string) => `A new link for ${who}; the old one is dead. It works once:`,
  wouldRevoke: (who: string) => `Would take back the invitation for ${who}.`,
  revoked: (who: string) => `The invitation for ${who} no longer counts.`,
  revokedAlready: "It was taken back already; nothing changed.",
};
