import type { ImportResult } from "../../transfer/import-context.ts";
import type { FileProblem } from "../../transfer/transfer-failure.ts";
import type { RowProblem } from "../../transfer/transfer-record.ts";

type Counts = Readonly<Record<ImportResult["action"], number>>;

/** What the commands that move people in and out say, in English. */
export const transfer = {
  progress: (done: number, total: number | null) => (total === null ? `${done}` : `${done} of ${total}`),
  exported: (count: number, file: string | null) =>
    file === null
      ? `${people(count)} exported.`
      : `${people(count)} exported to ${file}, readable for you alone.`,
  csvLeavesOut:
    "CSV leaves out when each role was given, roles with an end, and what roles are. To take everything to another database: --format jsonl",
  exportInterrupted: "Interrupted. What had been written of the file is removed.",
  fileExists: (file: string) => `${file} is there already. To replace it, say --yes.`,
  fileUnusable: (reason: string) => `The file cannot be used: ${reason}`,

  wouldImport: (file: string) => `Imports ${file}. To see first what it would do: --dry-run`,
  reading: (format: string, encoding: string) => `Read as ${format}, ${encoding} (--format, --encoding).`,
  line: (line: number) => `line ${line}`,
  actions: {
    created: "created",
    updated: "updated",
    skipped: "left as it is",
    waiting: "waits for the first sign-in",
    failed: "left out",
  } satisfies Record<ImportResult["action"], string>,
  imported: (counts: Counts) => `Imported: ${told(counts)}.`,
  wouldHave: (counts: Counts) => `Would be: ${told(counts)}. Nothing was changed.`,
  soFar: (counts: Counts) => `Until then: ${told(counts)}.`,
  owners: (count: number) =>
    count === 1 ? "One of them is an owner, by this file." : `${count} of them are owners, by this file.`,
  refused: (count: number) =>
    count === 1
      ? "One line was left out; mend it and import again."
      : `${count} lines were left out; mend them and import again.`,
  importInterrupted: "Interrupted. What is done stays done; import the same file again to go on.",
  didYouMean: (name: string) => `Did you mean "${name}"?`,
  problems: {
    not_json: () => "is not JSON.",
    not_a_record: () => 'is none of the records "user", "waiting", "role" ("type").',
    too_long: () => "is longer than 1 MiB.",
    unknown_field: (name) => `has a field "${name}" that nobody knows.`,
    invalid: (name) => `"${name}" is not written as it must be.`,
    too_few_cells: (cells) => `has another number of cells than there are columns (${cells}).`,
    role_unknown: (role) => `There is no role "${role}".`,
    owner_protected: () => "Only an owner changes the name, e-mail or picture of an owner.",
    owner_to_come: () =>
      "An account is, or may be, that of somebody who becomes an owner at their next sign-in: only an owner imports them.",
    owner_forbidden: () => "Owners are made on the server only: postern import, or postern users grant.",
    permission_unknown: (permission) => `There is no permission "${permission}" in the code.`,
    permission_forbidden: (role) => `Only an owner may put into "${role}" what no role gives yet.`,
    role_in_use: (role) =>
      `There was a role "${role}" before, which somebody still holds or would be given. Take it from them, or: postern roles create ${role} --adopt`,
    identity_elsewhere: () => "An identity belongs to somebody else here. Nothing is taken from them.",
    identity_not_linked: () =>
      "The person is here without this identity. They link it themselves, on their account page.",
    identity_twice: () => "has the same identity twice.",
    deleted: () => "was deleted here. To bring them back: postern users restore",
    not_recognisable: (who) =>
      `Nobody could be recognised by that${who === "" ? "" : ` ("${who}")`}: provider, issuer and subject, or an e-mail, or provider:id.`,
    no_role: () => "Nothing waits for them: name at least one role.",
    unsure: (who) =>
      `Somebody is here who may be "${who}", or may not. Give the role by id: postern users grant`,
    exists: () => "is here already (--on-conflict fail).",
  } satisfies Record<RowProblem["code"], (about: string) => string>,
  fileProblems: {
    encoding_unknown: () => "The encoding cannot be told. Say it: --encoding gb18030",
    encoding_invalid: (encoding) => `Not valid ${encoding}. Another encoding: --encoding gb18030`,
    too_long: () => "A record is longer than 1 MiB. Is a quote not closed?",
    quote_open: () => "A quote is opened here and never closed.",
    nul: () => "There is a NUL character, which no text holds.",
    no_header: () => "The file is empty: a first line must name the columns.",
    column_unknown: (name) => `There is no column "${name}".`,
    column_twice: (name) => `The column "${name}" is there twice.`,
    version_unknown: () => "The file was made by a later version of Postern.",
    ends_early: () => "The file ends too early: part of it is missing.",
    records_missing: (counts) =>
      `The file holds fewer records than it says (${counts}): part of it is missing. Export it once more.`,
  } satisfies Record<FileProblem, (about: string) => string>,
};

function people(count: number): string {
  return count === 1 ? "1 record" : `${count} records`;
}

function told({ created, updated, waiting, skipped, failed }: Counts): string {
  const parts = [`${created} created`, `${updated} updated`, `${waiting} waiting for their first sign-in`];
  return [...parts, `${skipped} left as they are`, `${failed} left out`].join(", ");
}
