import type { AccessRequestStatus } from "../../model/access-request.ts";

/** What the commands about requests for access say, in English. */
export const requests = {
  notFound: (id: string) => `There is no request "${id}".`,
  notFoundHint: "All of them: postern requests list --status all",
  decidedAlready: (status: string) => `Refused: this request is ${status} already.`,
  enteredAlready: "Refused: the person has come in with it already. To take the role away: users revoke",
  statuses: { pending: "pending", approved: "approved", declined: "declined" } satisfies Record<
    AccessRequestStatus,
    string
  >,
  confirmed: "confirmed",
  unconfirmed: "not confirmed",
  headings: {
    id: "ID",
    person: "PERSON",
    email: "E-MAIL",
    provider: "PROVIDER",
    status: "STATUS",
    createdAt: "ASKED",
    note: "NOTE",
  },
  labels: {
    person: "Person",
    email: "E-mail",
    account: "Account",
    asked: "Asked",
    note: "Note",
    status: "Status",
    decided: "Decided",
    role: "Role",
    reason: "Reason",
    entered: "Came in",
    askAgain: "May ask again",
  },
  wouldApprove: (name: string, role: string) => `Would let ${name} in with the role ${role}.`,
  approved: (name: string, role: string) => `${name} has the role ${role} from the next sign-in on.`,
  wouldDecline: (name: string) => `Would decline the request of ${name}.`,
  declined: (name: string) =>
    `The request of ${name} is declined. They read the reason at their next visit and may ask again in 30 days.`,
};
