/** What follows an option: nothing, or one value called so in the help. */
interface OptionRow {
  readonly value?: string;
  /** It may be given several times, and all of them count; of every other one the last does. */
  readonly repeats?: true;
}

/** Every option of every command. One name means one thing everywhere; `noInput` is written `--no-input`. */
export const OPTIONS = {
  port: { value: "port" },
  rehearsalPort: { value: "port" },
  query: { value: "query" },
  limit: { value: "n" },
  after: { value: "id" },
  all: {},
  deleted: {},
  pending: {},
  for: { value: "who" },
  breakGlass: {},
  presets: {},
  sample: { value: "file" },
  provider: { value: "id" },
  draft: { value: "file" },
  rule: { value: "file" },
  place: { value: "place" },
  note: { value: "text" },
  email: { value: "address" },
  handle: { value: "provider:handle" },
  id: { value: "provider:id" },
  name: { value: "name" },
  permission: { value: "permission" },
  expires: { value: "time" },
  until: { value: "time" },
  title: { value: "text", repeats: true },
  adopt: {},
  status: { value: "status" },
  role: { value: "role" },
  reference: { value: "code" },
  target: { value: "who" },
  action: { value: "action" },
  format: { value: "format" },
  include: { value: "parts" },
  output: { value: "file" },
  encoding: { value: "encoding" },
  onConflict: { value: "how" },
  reason: { value: "text" },
  dryRun: {},
  yes: {},
  config: { value: "file" },
  demo: {},
  json: {},
  jsonl: {},
  quiet: {},
  verbose: {},
  noInput: {},
  color: { value: "when" },
  noColor: {},
  version: {},
  help: {},
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof OPTIONS;

/** The options of one run: a text or `undefined` where a value follows, or several; otherwise whether it was given. */
export type Flags = {
  readonly [Name in OptionName]: (typeof OPTIONS)[Name] extends { readonly repeats: true }
    ? readonly string[] | undefined
    : (typeof OPTIONS)[Name] extends { readonly value: string }
      ? string | undefined
      : boolean;
};

export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

/** Options that every command has. */
export const COMMON_OPTIONS: readonly OptionName[] = [
  "json",
  "jsonl",
  "quiet",
  "verbose",
  "noInput",
  "color",
  "noColor",
  "help",
];

/** As people write it: `dryRun` → `--dry-run`. */
export function spelled(name: OptionName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** True when it may be given several times. */
export function isRepeatable(name: OptionName): boolean {
  const row: OptionRow = OPTIONS[name];
  return row.repeats === true;
}

/** What its value is called in the help; `null` = it has none. */
export function valueName(name: OptionName): string | null {
  const row: OptionRow = OPTIONS[name];
  return row.value ?? null;
}
