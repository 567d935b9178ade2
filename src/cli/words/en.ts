import type { UserStatus } from "../../model/user.ts";
import type { CommandPath, GroupName, Operand } from "../commands.ts";
import type { OptionName } from "../options.ts";
import { access } from "./access-en.ts";
import { accounts } from "./accounts-en.ts";
import { apiKeys } from "./api-keys-en.ts";

import { audit } from "./audit-en.ts";
import { housekeeping } from "./housekeeping-en.ts";
import { invites } from "./invites-en.ts";
import { lifecycle } from "./lifecycle-en.ts";
import { providers } from "./providers-en.ts";
import { requests } from "./requests-en.ts";
import { roles } from "./roles-en.ts";
import { rules } from "./rules-en.ts";
import { transfer } from "./transfer-en.ts";
import { webhooks } from "./webhooks-en.ts";

const help = {
  about: "Sign-in, roles and sessions of a back office.",
  examples: "Examples",
  usage: "Usage",
  commands: "Commands",
  options: "Options",
  optionsPlaceholder: "[options]",
  commandPlaceholder: "<command>",
  more: (command: string) => `More about one:  ${command} <command> --help`,
  summaries: {
    demo: "Starts the demo back office and the rehearsal provider beside it",
    migrate: "Brings the database up to date",
    "migrate status": "Shows which migrations have run",
    "users list": "Lists people, in the order they came",
    "users show": "Shows a person: roles and why, accounts at providers, sessions",
    "users grant": "Gives a role by hand, for good or until a moment",
    "users revoke": "Takes a role away, effective everywhere within a second",
    "users sign-out": "Ends all sessions of a person, everywhere within a second",
    "users suspend": "Shuts a person out, whatever their provider says, and ends all their sessions",
    "users reactivate": "Lets in again a person who was suspended",
    "users unlink": "Takes one of a person's accounts away as a way to sign in",
    "users merge": "Makes one person of two",
    "users delete": "Deletes a person; for 30 days they can be restored",
    "users restore": "Brings back a person who was deleted less than 30 days ago",
    "users purge": "Forgets for good whoever was deleted 30 days ago or earlier",
    "owner-link": "Makes a link for the first owner, or signs an owner in when the provider is down",
    "providers list": "Lists the providers of the application and the callback address of each",
    "providers check":
      "Looks at everything about providers that needs no person: addresses, keys, clock, secret",
    "providers inspect":
      "Shows what becomes of a provider's answer: raw fields beside mapped ones, and access",
    "access explain": "Says rule by rule why somebody may enter or may not",
    "access rehearse": "Says who would get in and who would be kept out by other rules",
    "rules list": "Lists the access rules in the order in which they count",
    "rules show": "Shows an access rule: what it says, who wrote it, what is wrong with it",
    "rules add": "Adds an access rule, behind the others unless a place is told",
    "rules change": "Gives an access rule another content or another note",
    "rules move": "Puts an access rule at another place; the first that takes hold decides",
    "rules enable": "Switches an access rule on",
    "rules disable": "Switches an access rule off; it stays in the list",
    "rules remove": "Takes an access rule out of the list for good",
    "roles list": "Lists the roles with what they allow",
    "roles show": "Shows a role: what it allows, who has it and why",
    "roles create": "Makes a role that is kept in the database",
    "roles change": "Gives a role other permissions or another title",
    "roles delete": "Deletes a role, and takes it from everybody",
    "roles explain": "Says by which roles somebody may do something, or why not",
    "invites create": "Makes a link by which somebody comes in, once, with these roles",
    "invites list": "Lists invitations and what became of them, newest first",
    "invites resend": "Makes a new link for an invitation; the old one is dead at once",
    "invites revoke": "Takes an invitation back; its link leads nowhere any more",
    "api-keys create": "Makes a key for a machine, which can do this and no more than its person",
    "api-keys list": "Lists the keys of machines and what became of them, newest first",
    "api-keys revoke": "Ends a key, at once and everywhere",
    "requests list": "Lists those who ask to be let in, whoever has waited longest first",
    "requests show": "Shows a request: who asks, what they say, what became of it",
    "requests approve": "Lets somebody in who asked, with a role, from their next sign-in on",
    "requests decline": "Turns a request down; the person reads the reason at their next visit",
    export: "Writes everybody with identities and roles to a file, as JSON Lines or CSV",
    import: "Takes over people, identities and roles from such a file",
    housekeeping: "Removes what has had its time, as servers do by themselves every hour",
    "tokens reseal": "Seals the providers' tokens with the newest secret",
    "webhooks list": "Lists what webhooks were told and what became of it, newest first",
    "webhooks test": "Sends every webhook a test message now, and says what came back",
    "audit list": "Lists what happened, newest first; a reference finds what somebody was shown",
  } satisfies Record<CommandPath, string>,
  groups: {
    users: "People, their roles and their sessions",
    providers: "Places to sign in",
    access: "Who may enter, and as what",
    rules: "Access rules that are kept in the database, behind those of the configuration",
    roles: "What people may do",
    invites: "Links by which people come in",
    "api-keys": "Keys of machines",
    requests: "Those who ask to be let in",
    tokens: "Tokens of providers that are kept",
    webhooks: "Endpoints that are told of what happens here",
    audit: "What happened",
  } satisfies Record<GroupName, string>,
  operands: {
    who: "an id, an e-mail address, or provider:handle such as github:ada",
    role: "owner, admin, auditor, member, or a role of the application",
    permission: "a permission of the application, such as orders.refund",
    provider: "the id of a provider of the configuration",
    request: "the id of a request, as the list shows it",
    into: "whoever is left afterwards, named as <who> is",
    account: "its id, or provider:handle as users show writes it",
    rule: "the id of a rule, as the list shows it",
    invitation: "the id of an invitation, as the list shows it",
    apiKey: "the id of an API key, as the list shows it",
    file: "the file to read; - for what is piped in",
  } satisfies Record<Operand, string>,
  optionTexts: {
    port: "of the back office (PORT; default 4180)",
    rehearsalPort: "of the rehearsal provider (REHEARSAL_PORT; default 4181)",
    query: "role:…, status:active or suspended, and words of a name or e-mail address",
    limit: "how many at most (default 50)",
    after: "go on behind this id",
    all: "everybody",
    deleted: "those who were deleted and can be restored",
    pending: "the roles that wait for somebody's first sign-in",
    for: "signs this owner in, without a provider; all owners see it",
    breakGlass: "makes another owner although there is one who can sign in; all owners see it",
    presets: "all that come with Postern, instead of those that are configured",
    sample: "what the provider answered, saved as JSON",
    provider: "only the account at this provider, or the one that the sample is from",
    draft: "access rules to try, as JSON",
    rule: "an access rule as JSON, { when, then, roles }; - reads it from standard input",
    place: "first, last, before:<rule> or after:<rule>; the configuration always comes before",
    note: "what the rule is for, in a few words",
    email: "only whoever has this address, confirmed by the provider",
    handle: "only whom the provider calls so when they sign in; --id is safer",
    id: "only whom the provider knows by this id, which never changes hands",
    name: "what the machine is called",
    permission: "what it allows; several with commas. An API key is allowed no more than its person",
    expires: "how long it works: 90m, 72h, 7d. Links at most 30d (default 72h), API keys 365d (default 90d)",
    until: "when it ends by itself: 30d, a day (2027-01-31, in UTC to its end), or a time (RFC 3339)",
    title: "what it is called, in a few words; en=… and zh-CN=… for one language",
    adopt: "whoever still holds an earlier role of that name, or would be given it, has this one",
    status: "pending (the default), approved, declined or all",
    role: "what they enter with: owner, admin, auditor, member, or a role of the application",
    reference: "the short code on an error page; capitals and the hyphen do not matter",
    target: "what it was done to: any id, a role by its name, or a person as in <who>",
    action: "only this, such as login.failed",
    format: "jsonl (complete) or csv (for spreadsheets); at import told by itself",
    include: "definitions,users,identities,roles,waiting; default all",
    output: "where to write (also -o); default stdout",
    encoding: "utf-8, gb18030, utf-16le or utf-16be; default told by itself",
    onConflict: "whoever is here already: skip (default), update or fail",
    reason: "why, for the audit log",
    dryRun: "say what would happen, and change nothing",
    yes: "do not ask back, also in production",
    config: "the configuration (POSTERN_CONFIG; default postern.config.ts here)",
    demo: "act on the demo that `postern demo` started here",
    json: "one JSON document on stdout",
    jsonl: "one JSON document a line on stdout",
    quiet: "only data and errors",
    verbose: "also the log, and the cause of errors",
    noInput: "never ask back",
    color: "auto, always or never",
    noColor: "the same as --color=never",
    version: "the version of Postern",
    help: "this text",
  } satisfies Record<OptionName, string>,
};

const mistakes = {
  unknownCommand: (typed: string, guess: string | null) =>
    `There is no command "${typed}".${guess === null ? "" : ` Did you mean: postern ${guess}`}`,
  missingCommand: "Which command?",
  unknownOption: (option: string, guess: string | null) =>
    `There is no option ${option} here.${guess === null ? "" : ` Did you mean ${guess}?`}`,
  missingValue: (option: string) => `A value is missing: ${option}`,
  unexpectedValue: (option: string) => `${option} takes no value.`,
  missingArgument: (operand: string) => `<${operand}> is missing.`,
  unexpectedArgument: (argument: string) => `"${argument}" is one argument too many.`,
  seeHelp: (command: string) => `See: ${command} --help`,
  notOneOf: (option: string, value: string, allowed: string) =>
    `${option} cannot be "${value}". Use ${allowed}.`,
  notTogether: (one: string, other: string) => `${one} and ${other} exclude each other.`,
  notAPort: (name: string, value: string) => `${name} is "${value}"; a port is a number from 0 to 65535.`,
  notACount: (option: string, value: string) =>
    `${option} is "${value}"; it must be a whole number from 1 up.`,
  unknownFilter: (filter: string, guess: string | null) =>
    `The query knows no "${filter}".${guess === null ? " Known are role: and status:." : ` Did you mean "${guess}"?`}`,
  unknownRole: (role: string, guess: string | null, known: string) =>
    `There is no role "${role}".${guess === null ? ` Known are: ${known}.` : ` Did you mean "${guess}"?`}`,
  unknownPermission: (permission: string, guess: string | null, known: string) =>
    `There is no permission "${permission}". ${guess === null ? `Known are: ${known}` : `Did you mean "${guess}"?`}`,
};

const failures = {
  configMissing: (folder: string) => `There is no configuration in ${folder}.`,
  configMissingHint: [
    "  For your application   create postern.config.ts with: export default defineConfig({ … }), or name it with --config",
    "  For the demo           add --demo",
  ].join("\n"),
  databaseUnknown: (folder: string) =>
    `Which database? There is no configuration in ${folder}, and DATABASE_URL is not set.`,
  databaseUnknownHint: [
    "  For your application   create postern.config.ts, name it with --config, or set DATABASE_URL",
    "  For the demo           add --demo",
  ].join("\n"),
  configInvalid: (count: number) =>
    `The configuration has ${count === 1 ? "1 problem" : `${count} problems`}:`,
  fix: "Fix:",
  demoInProduction: "NODE_ENV is production, where there is no demo.",
  databaseMissing: (file: string) => `There is no database yet: ${file}`,
  databaseMissingHint: (demo: boolean): string =>
    demo
      ? "It is made when the demo starts: postern demo"
      : "It is made when the application starts, or with: postern migrate",
  storeUnavailable: (message: string) => `The database cannot be used. ${message}`,
  migrationsPending: (message: string) => `The database is not at this version. ${message}`,
  userNotFound: (who: string) => `There is nobody known as "${who}".`,
  userNotFoundHint:
    "People are known once they have signed in. <who> is an id, an e-mail address, or provider:handle.",
  userNotFoundClose: "Close to it:",
  userAmbiguous: (who: string, count: number) => `"${who}" may be any of ${count} people. Take the id:`,
  userUncertain: (who: string) =>
    `It is not certain that "${who}" is this person: only a handle, or an e-mail address that is not verified, reads so. If you mean them, take the id (usr_…):`,
  userUncertainHint:
    "For somebody else who has yet to come: postern invites create --id <provider>:<id>, or --email <provider>:<e-mail address>",
  lastOwner: (name: string) => `Refused: ${name} is the only owner who can sign in.`,
  lastOwnerHint: "First make somebody else an owner: postern users grant <who> owner",
  confirmationRequired: (where: string) =>
    `This would change production (${where}). Nobody is there to ask, so say --yes.`,
  confirmationRefused: "Not confirmed; nothing was changed.",
  portTaken: (port: number, option: string, variable: string) =>
    `Port ${port} is taken. Choose another with ${option} or ${variable}.`,
  portForbidden: (port: number, option: string, variable: string) =>
    `Port ${port} may not be used by this account. Choose another with ${option} or ${variable}.`,
  samePort: (port: number) => `The back office and the rehearsal provider cannot share port ${port}.`,
  interrupted: "Interrupted. What had been done stays done.",
  unexpected: (message: string) => `Something broke: ${message}`,
};

const place = {
  kinds: { production: "production", development: "development", demo: "demo" },
  confirm: (what: string, name: string) => `${what}\nThis is production. Type "${name}" to go on: `,
};

const users = {
  headings: {
    id: "ID",
    person: "PERSON",
    email: "E-MAIL",
    roles: "ROLES",
    providers: "PROVIDERS",
    lastSignIn: "LAST SIGN-IN",
    status: "STATUS",
  },
  statuses: { active: "active", suspended: "suspended" } satisfies Record<UserStatus, string>,
  never: "never",
  shown: (shown: number, total: number) => `${shown} of ${total}`,
  nextPage: (id: string) => `More: --after ${id}`,
  created: "Came",
  verified: "confirmed",
  unverified: "not confirmed",
  permissions: "Permissions",
  role: "Role",
  account: "Account",
  session: "Session",
  sources: {
    rule: "by an access rule",
    provider: "by the provider",
    direct: "by hand",
    config: "by `owners` of the configuration",
  },
  lastSeen: (time: string) => `last seen ${time}`,
  held: (role: string, source: string, details: readonly string[]) =>
    `${role} (${source}${details.length === 0 ? "" : `: ${details.join(", ")}`})`,
  until: (time: string) => `until ${time}`,
  notAnEnd: (value: string) =>
    `--until is "${value}"; write days such as 30d, a day such as 2027-01-31, or a time of RFC 3339, in the future and within ten years.`,
  wouldGrant: (name: string, role: string, until: string | null) =>
    `Would give ${name} the role ${role}${until === null ? "" : ` until ${until}`}.`,
  granted: (name: string, role: string, until: string | null) =>
    `${name} now has the role ${role}${until === null ? "" : ` until ${until}`}.`,
  grantedAlready: (name: string, role: string) =>
    `${name} already has the role ${role} by hand; nothing changed.`,
  wouldRevoke: (name: string, role: string) => `Would take the role ${role} from ${name}.`,
  revoked: (name: string, role: string) =>
    `${name} no longer has the role ${role}, effective within a second.`,
  notHeld: (name: string, role: string) => `${name} does not have the role ${role}; nothing changed.`,
  stillDerived: (role: string) =>
    `The configuration gives this role too: at the next sign-in ${role} comes back, unless it is changed.`,
  wouldSignOut: (name: string, count: number) => `Would end ${sessions(count)} of ${name}.`,
  signedOut: (name: string, count: number) =>
    `${name} is signed out everywhere within a second: ${sessions(count)} ended.`,
  notSignedIn: (name: string) => `${name} is not signed in anywhere; nothing changed.`,
  mayReturn: "They may sign in again as long as the configuration, or a role given by hand, lets them in.",
};

const migrations = {
  headings: { name: "MIGRATION", applied: "APPLIED" },
  pending: "pending",
  ran: (names: string) => `Done: ${names}`,
  wouldRun: (names: string) => `Would run: ${names}`,
  nothing: "The database is up to date.",
  runThem: (count: number) =>
    `${count === 1 ? "1 migration is" : `${count} migrations are`} pending. Run: postern migrate`,
};

const demo = {
  open: "Open",
  signInAs: "Sign in as",
  provider: "Rehearsal provider",
  kept: "Kept in",
  people: {
    ada: "owner: may do everything",
    grace: "admin: may see /admin too",
    bo: "member: may see /orders, not /admin",
    mallory: "is let in nowhere",
  },
  stop: "Stop",
  howToStop: "Ctrl+C; whoever is signed in stays so until the next start",
  stopping: "Stopping. Once more stops at once.",
};

function sessions(count: number): string {
  return count === 1 ? "1 session" : `${count} sessions`;
}

/** Everything that the command line says, in English: what another language must say too. */
export const en = {
  help,
  ...mistakes,
  ...failures,
  place,
  users,
  providers,
  access,
  migrations,
  demo,
  accounts,
  lifecycle,
  requests,
  tokens: {
    progress: (count: number) => `${count} sealed anew`,
    resealed: (count: number) =>
      count === 0 ? "Every token has the newest secret already." : `${count} sealed with the newest secret.`,
    unreadable: (count: number) =>
      `${count} cannot be opened with any of the secrets; these people sign in again.`,
  },
  webhooks,
  housekeeping,
  transfer,
  audit,
  invites,
  rules,
  roles,
  apiKeys,
};

export type Words = typeof en;
