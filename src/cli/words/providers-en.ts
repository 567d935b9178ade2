import type { FindingStatus } from "../../doctor/finding.ts";
import type { FieldName } from "../../doctor/inspect-sample.ts";
import type { PresetFacts } from "../../doctor/preset-facts.ts";
import type { SampleFault } from "../../doctor/sample.ts";
import type { RuleMatch } from "../../doctor/try-access.ts";

/** What the commands about providers say, in English. */
export const providers = {
  notFound: (id: string, guess: string | null, known: string) =>
    `There is no provider "${id}".${guess === null ? ` Configured are: ${known}.` : ` Did you mean "${guess}"?`}`,

  labels: {
    id: "Id",
    kind: "Kind",
    name: "Name",
    issuer: "Issuer",
    callback: "Callback",
    register: "Register",
    rules: "Rules",
    where: "Where",
    asks: "Rules may ask",
  },
  headings: {
    kind: "KIND",
    name: "NAME",
    pkce: "PKCE",
    subject: "SUBJECT",
    emailVerified: "E-MAIL VERIFIED",
    refresh: "REFRESH",
    membership: "MEMBERSHIP",
    signOut: "SIGN-OUT",
  },
  yes: "yes",
  no: "no",
  untold: "–",
  emailWords: { yes: "yes", no: "no", sometimes: "sometimes", no_email: "no e-mail" } satisfies Record<
    NonNullable<PresetFacts["emailVerified"]>,
    string
  >,
  refreshWords: { no: "no", yes: "yes", rotates: "yes, new each time", stays: "yes" } satisfies Record<
    PresetFacts["refresh"],
    string
  >,

  statuses: { ok: "ok", info: "note", warn: "warning", fail: "failed", skip: "skipped" } satisfies Record<
    FindingStatus,
    string
  >,
  why: "Why",
  fix: "Fix",
  passed: (count: number) =>
    `${count === 1 ? "1 check" : `${count} checks`} passed (--verbose lists ${count === 1 ? "it" : "them"})`,
  summary: (fail: number, warn: number, skip: number) =>
    `${count(fail, "failure")}, ${count(warn, "warning")}, ${skip} skipped`,
  checksFailed: (fail: number) => `${fail === 1 ? "1 check" : `${fail} checks`} failed.`,

  sampleMissing: "A saved answer is needed: --sample <file>",
  sampleUnreadable: (file: string) => `${file} cannot be read.`,
  sampleFaults: {
    not_json: (file: string) => `${file} is not JSON.`,
    not_an_object: (file: string) => `${file} holds no JSON object.`,
    token_in_place_of_claims: (file: string) =>
      `${file} holds a token. Put its claims there, as an object: a token itself is a secret, and nothing here verifies it.`,
  } satisfies Record<SampleFault, (file: string) => string>,
  sampleHint: "How to get one: docs/cli.md, “What a provider answers”.",
  raw: "FIELD OF THE PROVIDER",
  value: "VALUE",
  mappedTo: "BECOMES",
  field: "FIELD",
  meaning: "WHAT IT MEANS",
  hidden: "(hidden)",
  nothing: "–",
  missing: {
    subject: "nobody can be recognised: the sign-in ends",
    handle: "people are known by name and e-mail only",
    name: "the handle or the e-mail is shown",
    email: "no rule and no owner by e-mail can match",
    emailVerified: "not told: an e-mail does not count; trustEmail: true if you vouch for this directory",
    picture: "initials are shown",
    groups: "not told as such",
  } satisfies Record<FieldName, string>,
  /** Beside the groups that a rule could ask about. */
  told: (provider: string, check: string, example: string) =>
    `for rules such as { ${provider}: { ${check}: "${example}" } }`,
  toldWhenAsked: "not in the sample: the provider is asked at sign-in",
  dropped: "the provider said something that cannot be kept",
  unverified: "not verified: rules and owners by e-mail do not match",
  nobody: (reason: string) => `Nobody can be recognised by this answer (${reason}).`,
  restricted: (reason: string) => `The provider's options refuse this person: ${reason}.`,
  access: "Access",
  ruleMatches: {
    yes: "matches",
    no: "does not match",
    depends: "depends on what the provider answers",
  } satisfies Record<RuleMatch, string>,
  mayEnter: (roles: string) => `may enter, with: ${roles}`,
  mayNotEnter: (code: string) => `may not enter: ${code}`,
  noRules: "no access rules are configured",
};

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
