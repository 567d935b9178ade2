import type { OptionName } from "./options.ts";

/** What stands behind the name of a command. */
export type Operand =
  | "who"
  | "into"
  | "account"
  | "role"
  | "permission"
  | "provider"
  | "request"
  | "invitation"
  | "apiKey"
  | "file"
  | "rule";

/** A command as it is typed. */
export interface CommandRow {
  readonly path: string;
  /** What must follow, in order. */
  readonly operands: readonly Operand[];
  /** What may follow after those. */
  readonly mayFollow?: readonly Operand[];
  /** Besides those that every command has. */
  readonly options: readonly OptionName[];
  readonly examples: readonly [string, string];
  /** True for one that ends by itself when it is told to stop. */
  readonly stopsItself?: boolean;
}

/** Where a command acts. */
const PLACE: readonly OptionName[] = ["config", "demo"];
/** What everything that changes something understands. */
const CHANGE: readonly OptionName[] = ["dryRun", "yes", "reason"];

/** THE TABLE. */
export const COMMANDS = [
  {
    path: "demo",
    operands: [],
    options: ["port", "rehearsalPort"],
    examples: ["postern demo", "postern demo --port 5180 --rehearsal-port 5181"],
    stopsItself: true,
  },
  {
    path: "migrate",
    operands: [],
    options: [...PLACE, "dryRun", "yes"],
    examples: ["postern migrate", "postern migrate --dry-run"],
  },
  {
    path: "migrate status",
    operands: [],
    options: PLACE,
    examples: ["postern migrate status", "postern migrate status --json"],
  },
  {
    path: "users list",
    operands: [],
    options: ["query", "limit", "after", "all", "deleted", "pending", ...PLACE],
    examples: ["postern users list", 'postern users list --query "role:admin status:active" --json'],
  },
  {
    path: "users show",
    operands: ["who"],
    options: PLACE,
    examples: ["postern users show ada@example.com", "postern users show github:ada --json"],
  },
  {
    path: "users grant",
    operands: ["who", "role"],
    options: ["until", ...CHANGE, ...PLACE],
    examples: [
      'postern users grant ada@example.com support --until 30d --reason "covers for Bo"',
      'postern users grant github:ada owner --reason "takes over from Bo"',
    ],
  },
  {
    path: "users revoke",
    operands: ["who", "role"],
    options: [...CHANGE, ...PLACE],
    examples: [
      "postern users revoke ada@example.com admin",
      "postern users revoke ada@example.com admin --dry-run",
    ],
  },
  {
    path: "users sign-out",
    operands: ["who"],
    options: [...CHANGE, ...PLACE],
    examples: [
      "postern users sign-out ada@example.com",
      'postern users sign-out github:ada --yes --reason "laptop stolen"',
    ],
  },
  {
    path: "users suspend",
    operands: ["who"],
    options: [...CHANGE, ...PLACE],
    examples: [
      "postern users suspend ada@example.com",
      'postern users suspend github:ada --yes --reason "left the company"',
    ],
  },
  {
    path: "users reactivate",
    operands: ["who"],
    options: [...CHANGE, ...PLACE],
    examples: ["postern users reactivate ada@example.com", "postern users reactivate github:ada --dry-run"],
  },
  {
    path: "users unlink",
    operands: ["who", "account"],
    options: [...CHANGE, ...PLACE],
    examples: [
      "postern users unlink ada@example.com github:ada --dry-run",
      'postern users unlink github:ada github:ada --yes --reason "account stolen"',
    ],
  },
  {
    path: "users merge",
    operands: ["who", "into"],
    options: [...CHANGE, ...PLACE],
    examples: [
      "postern users merge github:ada google:ada@example.com --dry-run",
      'postern users merge usr_1 usr_2 --yes --reason "one person with two accounts"',
    ],
  },
  {
    path: "users delete",
    operands: ["who"],
    options: [...CHANGE, ...PLACE],
    examples: ["postern users delete ada@example.com --dry-run", "postern users delete github:ada --yes"],
  },
  {
    path: "users restore",
    operands: ["who"],
    options: [...CHANGE, ...PLACE],
    examples: ["postern users restore ada@example.com", "postern users list --deleted"],
  },
  {
    path: "users purge",
    operands: [],
    options: ["dryRun", "yes", ...PLACE],
    examples: ["postern users purge --dry-run", "postern users purge --yes"],
  },
  {
    path: "owner-link",
    operands: [],
    options: ["for", "breakGlass", ...CHANGE, ...PLACE],
    examples: [
      "postern owner-link",
      'postern owner-link --for ada@example.com --reason "the provider is down"',
    ],
  },
  {
    path: "providers list",
    operands: [],
    options: ["presets", ...PLACE],
    examples: ["postern providers list", "postern providers list --presets"],
  },
  {
    path: "providers check",
    operands: [],
    mayFollow: ["provider"],
    options: PLACE,
    examples: ["postern providers check", "postern providers check corp --json"],
  },
  {
    path: "providers inspect",
    operands: ["provider"],
    options: ["sample", ...PLACE],
    examples: [
      "postern providers inspect corp --sample ada.json",
      "postern providers inspect corp --sample ada.json --json",
    ],
  },
  {
    path: "access explain",
    operands: [],
    mayFollow: ["who"],
    options: ["provider", "sample", ...PLACE],
    examples: [
      "postern access explain ada@example.com",
      "postern access explain --sample ada.json --provider corp",
    ],
  },
  {
    path: "access rehearse",
    operands: [],
    options: ["draft", ...PLACE],
    examples: [
      "postern access rehearse --draft rules.json",
      "postern access rehearse --draft rules.json --json",
    ],
  },
  {
    path: "rules list",
    operands: [],
    options: PLACE,
    examples: ["postern rules list", "postern rules list --json"],
  },
  {
    path: "rules show",
    operands: ["rule"],
    options: PLACE,
    examples: ["postern rules show rul_01k", "postern rules show access[0] --json"],
  },
  {
    path: "rules add",
    operands: [],
    options: ["rule", "place", "note", ...CHANGE, ...PLACE],
    examples: [
      "postern rules add --rule finance.json --dry-run",
      'postern rules add --rule finance.json --place first --note "the finance group"',
    ],
  },
  {
    path: "rules change",
    operands: ["rule"],
    options: ["rule", "note", ...CHANGE, ...PLACE],
    examples: [
      "postern rules change rul_01k --rule finance.json --dry-run",
      'postern rules change rul_01k --note "until the audit"',
    ],
  },
  {
    path: "rules move",
    operands: ["rule"],
    options: ["place", ...CHANGE, ...PLACE],
    examples: [
      "postern rules move rul_01k --place first",
      "postern rules move rul_01k --place before:rul_02m --dry-run",
    ],
  },
  {
    path: "rules enable",
    operands: ["rule"],
    options: [...CHANGE, ...PLACE],
    examples: ["postern rules enable rul_01k", "postern rules enable rul_01k --dry-run"],
  },
  {
    path: "rules disable",
    operands: ["rule"],
    options: [...CHANGE, ...PLACE],
    examples: ["postern rules disable rul_01k", "postern rules disable rul_01k --dry-run"],
  },
  {
    path: "rules remove",
    operands: ["rule"],
    options: [...CHANGE, ...PLACE],
    examples: ["postern rules remove rul_01k --dry-run", 'postern rules remove rul_01k --reason "left"'],
  },
  {
    path: "roles list",
    operands: [],
    options: PLACE,
    examples: ["postern roles list", "postern roles list --json"],
  },
  {
    path: "roles show",
    operands: ["role"],
    options: PLACE,
    examples: ["postern roles show finance", "postern roles show owner --json"],
  },
  {
    path: "roles create",
    operands: ["role"],
    options: ["permission", "title", "adopt", "dryRun", "reason", ...PLACE],
    examples: [
      "postern roles create finance --permission orders.read,orders.refund --dry-run",
      'postern roles create finance --permission orders.refund --title "Finance" --reason "refunds move here"',
    ],
  },
  {
    path: "roles change",
    operands: ["role"],
    options: ["permission", "title", ...CHANGE, ...PLACE],
    examples: [
      "postern roles change finance --permission orders.read --dry-run",
      'postern roles change finance --title "Finance and control"',
    ],
  },
  {
    path: "roles delete",
    operands: ["role"],
    options: [...CHANGE, ...PLACE],
    examples: [
      "postern roles delete finance --dry-run",
      'postern roles delete finance --yes --reason "merged"',
    ],
  },
  {
    path: "roles explain",
    operands: ["who"],
    mayFollow: ["permission"],
    options: PLACE,
    examples: [
      "postern roles explain ada@example.com orders.refund",
      "postern roles explain github:ada --json",
    ],
  },
  {
    path: "invites create",
    operands: [],
    options: ["role", "email", "handle", "id", "expires", "dryRun", "reason", ...PLACE],
    examples: [
      "postern invites create --role support --email pat@example.com",
      "postern invites create --role admin,support --handle github:octocat --expires 24h",
    ],
  },
  {
    path: "invites list",
    operands: [],
    options: PLACE,
    examples: ["postern invites list", "postern invites list --json"],
  },
  {
    path: "invites resend",
    operands: ["invitation"],
    options: ["expires", "dryRun", "reason", ...PLACE],
    examples: ["postern invites resend inv_01k", "postern invites resend inv_01k --expires 7d"],
  },
  {
    path: "invites revoke",
    operands: ["invitation"],
    options: [...CHANGE, ...PLACE],
    examples: ["postern invites revoke inv_01k", 'postern invites revoke inv_01k --reason "wrong person"'],
  },
  {
    path: "api-keys create",
    operands: ["who"],
    options: ["name", "permission", "expires", "dryRun", "reason", ...PLACE],
    examples: [
      'postern api-keys create ada@example.com --name "nightly report" --permission orders.read',
      "postern api-keys create github:ada --name deploy --permission orders.read,orders.refund --expires 30d",
    ],
  },
  {
    path: "api-keys list",
    operands: [],
    mayFollow: ["who"],
    options: PLACE,
    examples: ["postern api-keys list", "postern api-keys list ada@example.com --json"],
  },
  {
    path: "api-keys revoke",
    operands: ["apiKey"],
    options: [...CHANGE, ...PLACE],
    examples: [
      "postern api-keys revoke key_01k",
      'postern api-keys revoke key_01k --reason "found in a log"',
    ],
  },
  {
    path: "requests list",
    operands: [],
    options: ["status", ...PLACE],
    examples: ["postern requests list", "postern requests list --status all --json"],
  },
  {
    path: "requests show",
    operands: ["request"],
    options: PLACE,
    examples: ["postern requests show arq_01k", "postern requests show arq_01k --json"],
  },
  {
    path: "requests approve",
    operands: ["request"],
    options: ["role", ...CHANGE, ...PLACE],
    examples: [
      "postern requests approve arq_01k --role member",
      "postern requests approve arq_01k --role support --dry-run",
    ],
  },
  {
    path: "requests decline",
    operands: ["request"],
    options: [...CHANGE, ...PLACE],
    examples: [
      'postern requests decline arq_01k --reason "not on this project"',
      'postern requests decline arq_01k --reason "left" --dry-run',
    ],
  },
  {
    path: "export",
    operands: [],
    options: ["format", "include", "output", "yes", "reason", ...PLACE],
    examples: [
      "postern export -o people.jsonl",
      "postern export --format csv --include users,roles -o people.csv",
    ],
    stopsItself: true,
  },
  {
    path: "import",
    operands: ["file"],
    options: ["format", "encoding", "onConflict", ...CHANGE, ...PLACE],
    examples: [
      "postern import people.csv --dry-run",
      'postern import people.jsonl --on-conflict update --reason "moved to PostgreSQL"',
    ],
    stopsItself: true,
  },
  {
    path: "housekeeping",
    operands: [],
    options: ["dryRun", ...PLACE],
    examples: ["postern housekeeping --dry-run", "postern housekeeping --json"],
  },
  {
    path: "tokens reseal",
    operands: [],
    options: PLACE,
    examples: ["postern tokens reseal", "postern tokens reseal --json"],
  },
  {
    path: "webhooks list",
    operands: [],
    options: ["limit", ...PLACE],
    examples: ["postern webhooks list", "postern webhooks list --limit 200 --json"],
  },
  {
    path: "webhooks test",
    operands: [],
    options: PLACE,
    examples: ["postern webhooks test", "postern webhooks test --json"],
  },
  {
    path: "audit list",
    operands: [],
    options: ["reference", "target", "action", "limit", ...PLACE],
    examples: [
      "postern audit list --reference K7Q2-9FMX",
      "postern audit list --target ada@example.com --action login.failed --json",
    ],
  },
] as const satisfies readonly CommandRow[];

export type CommandPath = (typeof COMMANDS)[number]["path"];
export type GroupName =
  | "users"
  | "providers"
  | "access"
  | "requests"
  | "audit"
  | "invites"
  | "tokens"
  | "rules"
  | "roles"
  | "webhooks"
  | "api-keys";
