import { COMMANDS, type CommandPath, type CommandRow, type GroupName } from "./commands.ts";
import { below, type Found } from "./find-command.ts";
import { COMMON_OPTIONS, type OptionName, spelled, valueName } from "./options.ts";
import { pad, textWidth } from "./text-width.ts";
import type { Words } from "./words/en.ts";

/** The help of a command, of a group of them, or of everything. Two examples come first: they are what people copy. */
export function help(found: Found, words: Words): string {
  const sections = found.kind === "command" ? commandHelp(found.row, words) : groupHelp(found.path, words);
  return sections.join("\n\n");
}

function commandHelp(row: CommandRow, words: Words): readonly string[] {
  const { help } = words;
  const operands = [...row.operands, ...(row.mayFollow ?? [])];
  const inside = below(row.path);
  return [
    help.summaries[row.path as CommandPath],
    section(help.examples, row.examples),
    section(help.usage, [`postern ${typedOf(row)} ${help.optionsPlaceholder}`]),
    ...(operands.length === 0 ? [] : [aligned(operands.map((name) => [`<${name}>`, help.operands[name]]))]),
    ...(inside.length === 0 ? [] : [commandList(inside, words)]),
    optionList([...row.options, ...COMMON_OPTIONS], words),
  ];
}

function groupHelp(path: string, words: Words): readonly string[] {
  const { help } = words;
  const typed = path === "" ? "postern" : `postern ${path}`;
  const inside = below(path);
  const shown = path === "" ? [firstOf("demo"), firstOf("users")] : inside.slice(0, 2);
  const examples = shown.flatMap((row) => (shown.length === 1 ? row.examples : row.examples.slice(0, 1)));
  return [
    path === "" ? `Postern: ${help.about}` : help.groups[path as GroupName],
    section(help.examples, examples),
    section(help.usage, [`${typed} ${help.commandPlaceholder} ${help.optionsPlaceholder}`]),
    commandList(inside, words),
    optionList(path === "" ? [...COMMON_OPTIONS, "version"] : COMMON_OPTIONS, words),
    help.more(typed),
  ];
}

function firstOf(name: string): CommandRow {
  return COMMANDS.find(({ path }) => path.split(" ")[0] === name) ?? COMMANDS[0];
}

function commandList(rows: readonly CommandRow[], { help }: Words): string {
  const entries = rows.map((row): Entry => [typedOf(row), help.summaries[row.path as CommandPath]]);
  return `${help.commands}\n${aligned(entries)}`;
}

/** `users grant <who> <role>`, `providers check [<provider>]` */
function typedOf({ path, operands, mayFollow = [] }: CommandRow): string {
  return [path, ...operands.map((name) => `<${name}>`), ...mayFollow.map((name) => `[<${name}>]`)].join(" ");
}

function optionList(names: readonly OptionName[], { help }: Words): string {
  const entries = names.map((name): Entry => {
    const value = valueName(name);
    const written = spelled(name) + (value === null ? "" : ` <${value}>`);
    return [name === "help" ? `-h, ${written}` : written, help.optionTexts[name]];
  });
  return `${help.options}\n${aligned(entries)}`;
}

type Entry = readonly [term: string, text: string];

function aligned(entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(([term]) => textWidth(term)));
  return entries.map(([term, text]) => `  ${pad(term, width)}  ${text}`.trimEnd()).join("\n");
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join("\n");
}
