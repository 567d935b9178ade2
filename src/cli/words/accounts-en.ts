function sessions(count: number): string {
  return count === 1 ? "1 session" : `${count} sessions`;
}

/** What is said about the accounts with which people sign in, in English. */
export const accounts = {
  wouldUnlink: (name: string, account: string, count: number) =>
    `Would take ${account} away from ${name} and end ${sessions(count)}.`,
  unlinked: (name: string, account: string, count: number) =>
    `${name} cannot sign in with ${account} any more: ${sessions(count)} ended.`,
  identityNotFound: (account: string) => `They have no account "${account}", or several. These are theirs:`,
  wouldMerge: (from: string, into: string) => `Would merge ${from} into ${into}:`,
  merged: (from: string, into: string, id: string) => `${from} (${id}) is no more and has become ${into}:`,
  moves: "Account that moves",
  role: "Role afterwards",
  ends: "Sessions that end",
  lost: "Provider tokens lost",
  keysLost: "API keys lost",
  heldBy: { from: "comes with the merge", into: "held already", both: "held by both" },
  lastIdentity: (name: string) =>
    `Refused: ${name} has no other account to sign in with. To shut somebody out: suspend.`,
};
