function sessions(count: number): string {
  return count === 1 ? "1 session" : `${count} sessions`;
}

/** What is said about people who come and go, in English. */
export const lifecycle = {
  wouldSuspend: (name: string, count: number) => `Would suspend ${name} and end ${sessions(count)}.`,
  suspended: (name: string, count: number) =>
    `${name} is suspended and gets in nowhere, within a second: ${sessions(count)} ended.`,
  suspendedAlready: (name: string) => `${name} is suspended already; nothing changed.`,
  wouldReactivate: (name: string) => `Would let ${name} in again.`,
  reactivated: (name: string) => `${name} may sign in again.`,
  activeAlready: (name: string) => `${name} is not suspended; nothing changed.`,

  wouldDelete: (name: string, count: number) => `Would delete ${name} and end ${sessions(count)}.`,
  deleted: (name: string, count: number) => `${name} is deleted: ${sessions(count)} ended.`,
  restorable: (id: string, until: string) =>
    `Until ${until} they can be brought back: postern users restore ${id}`,
  mayComeAgain:
    "Whoever the configuration lets in may sign in again, as somebody new. To shut somebody out: suspend.",
  wouldRestore: (name: string) => `Would bring ${name} back.`,
  restored: (name: string) => `${name} is back, with the roles that were given by hand.`,
  taken: (accounts: string) => `Not brought back, because somebody has signed in with it since: ${accounts}`,
  noneDeleted: (who: string) => `Nobody known as "${who}" was deleted in the last 30 days.`,
  wouldPurge: (count: number) => `Would forget ${people(count)} for good.`,
  purged: (count: number) => `${people(count)} forgotten for good.`,
  nobodyToPurge: "Nobody was deleted 30 days ago or earlier; nothing changed.",
  deletedHeadings: {
    id: "ID",
    person: "PERSON",
    email: "E-MAIL",
    deletedAt: "DELETED",
    deletedBy: "BY",
    reason: "REASON",
    until: "RESTORABLE UNTIL",
  },

  unconfirmed: (name: string) =>
    `The e-mail address of ${name} is not confirmed by a provider; make sure that it is them.`,
  wouldPromise: (who: string, role: string, until: string | null) =>
    `${who} has not signed in yet: would give the role ${role} then${until === null ? "" : `, until ${until}`}.`,
  promised: (who: string, role: string, until: string | null) =>
    `${who} gets the role ${role} at the first sign-in${until === null ? "" : `, until ${until}`}.`,
  promisedAlready: (who: string, role: string) =>
    `${who} waits for the role ${role} already; nothing changed.`,
  fromAnyProvider:
    "Any provider that has verified the address counts. To name one: <provider>:<e-mail address>.",
  bySubject: (subject: string, provider: string) =>
    `"${subject}" has to be the id at ${provider} that never changes, not a user name.`,
  waiting: (role: string, since: string, by: string, details: readonly string[]) =>
    `${role} (waits for the first sign-in since ${since}, by ${by}${details.map((one) => `, ${one}`).join("")})`,
  wouldTakeBack: (who: string, role: string) => `Would take back the role ${role} that waits for ${who}.`,
  tookBack: (who: string, role: string) => `The role ${role} does not wait for ${who} any more.`,
  pendingHeadings: {
    id: "ID",
    who: "WAITS FOR",
    role: "ROLE",
    createdAt: "SINCE",
    createdBy: "BY",
    reason: "REASON",
    until: "UNTIL",
  },

  ownerExists: "Refused: there is an owner who can sign in, and who can make others owners.",
  ownerExistsHint: [
    "  To make another owner          postern users grant <who> owner",
    "  To sign an owner in            postern owner-link --for <who>",
    "  To go around them all the same postern owner-link --break-glass",
  ].join("\n"),
  notUsableOwner: (name: string) => `Refused: ${name} is not an active owner with a provider that is set up.`,
  wouldClaim: "Would make a link that makes whoever signs in next by it the owner.",
  wouldBreakGlass: (name: string) =>
    `Would make a link that signs in ${name} without a provider. Its use is shown to all owners.`,
  claims: "Whoever opens this, presses the button and signs in becomes the owner.",
  signsIn: (name: string) =>
    `This signs in ${name} without a provider; all owners see it until another one has reviewed it.`,
  worksUntil: (time: string) => `Works once, until ${time}. Give it to nobody else.`,
};

function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}
