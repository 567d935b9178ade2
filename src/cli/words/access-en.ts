import type { AccessChange } from "../../access/compare-access.ts";
import type { FindingReason } from "../../access/told.ts";
import type { AccessOutcome } from "../../model/access-rule.ts";
import type { MembershipAnswer } from "../../model/membership.ts";

/** How many people a draft would do what to. */
export interface RehearsalCounts {
  readonly known: number;
  readonly gains: number;
  readonly loses: number;
  readonly other_roles: number;
  readonly cannot_tell: number;
}

/** What the commands about access rules say, in English. */
export const access = {
  whoOrSample: "Who? Either <who> or --sample <file> is needed.",
  whichProvider: (known: string) => `Which provider is the sample from? Say --provider with one of: ${known}`,
  noAccount: (name: string, provider: string | null) =>
    provider === null
      ? `${name} has no account at a provider of the configuration.`
      : `${name} has no account at "${provider}".`,
  suspended: "This person is suspended: they come in nowhere, whatever the rules say.",
  namedOwner: "`owners` of the configuration names this account: no rule can keep it out.",
  noRules: "There are no access rules.",
  broken: "! no longer makes sense: it lets nobody in. See: postern rules list",

  outcomes: { allow: "lets in", deny: "keeps out", ask: "makes ask" } satisfies Record<AccessOutcome, string>,
  answers: {
    yes: "matches",
    no: "does not match",
    cannot_tell: "cannot be told",
  } satisfies Record<MembershipAnswer, string>,
  open: "hangs on what only a sign-in tells",
  wanted: (expected: string) => `wanted ${expected}`,
  found: (found: string) => `found ${found}`,
  reasons: {
    absent: "the provider says nothing of it",
    unverified: "the provider does not vouch for it",
    wrong_type: "it is of another type than the rule wants",
    malformed: "it makes no sense",
    other_provider: "they come from another provider",
    not_asked: "the provider is asked at sign-in",
    provider_cannot_tell: "the provider cannot tell",
    not_known_here: "only a sign-in tells it",
  } satisfies Record<FindingReason, string>,
  enters: (roles: string) => (roles === "" ? "May enter with roles given by hand" : `May enter, as ${roles}`),
  staysOut: (code: string) => `May not enter: ${code}`,
  asks: "May not enter until an administrator gives a role",
  keptOut: "May not enter",
  noRuleDecides: "no rule decides",
  hangs: "What a sign-in tells may change that:",

  onlyConfigured:
    "The database cannot be read: only the rules of the configuration are shown, not those that are kept there.",

  draftMissing: "Which rules? --draft <file> is needed.",
  draftUnreadable: (file: string) => `${file} cannot be read as JSON.`,
  draftInvalid: (file: string, count: number) =>
    `The rules in ${file} have ${count === 1 ? "1 problem" : `${count} problems`}:`,
  headings: {
    id: "ID",
    person: "PERSON",
    email: "E-MAIL",
    change: "CHANGE",
    before: "NOW",
    after: "THEN",
  },
  kinds: {
    gains: "would get in",
    loses: "would be kept out",
    other_roles: "other roles",
    cannot_tell: "cannot be told",
  } satisfies Record<AccessChange["kind"], string>,
  more: (count: number) => `… and ${count} more. With --jsonl all of them are listed.`,
  summary: ({ known, gains, loses, other_roles, cannot_tell }: RehearsalCounts) =>
    `Of ${known} known: ${gains} would get in, ${loses} would be kept out, ${other_roles} would have other roles, ${cannot_tell} cannot be told.`,
  noOwnerAfter: (perhaps: number) =>
    perhaps === 0
      ? "With these rules no owner could sign in any more."
      : `With these rules it is not certain that any owner could sign in; ${perhaps} might.`,
};
