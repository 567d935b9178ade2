/** A fenced block of a Markdown page. */
export interface CodeBlock {
  /** The page it stands on: `README.md`, `docs/proxies.md`. */
  readonly page: string;
  /** The line of its first line of code, counted from 1. */
  readonly line: number;
  /** The first word after the fence; empty when there is none. */
  readonly language: string;
  readonly text: string;
}

/** A line of Markdown that is not code, or a fenced block. */
type Part = { readonly heading: string } | { readonly block: CodeBlock };

/** Every fenced block of a page, in order. @throws Error for a fence that is never closed. */
export function codeBlocksOf(page: string, markdown: string): readonly CodeBlock[] {
  return partsOf(page, markdown).flatMap((part) => ("block" in part ? [part.block] : []));
}

/** The levels of a page's headings, in order: 1 for `#`, 2 for `##`. */
export function headingLevelsOf(page: string, markdown: string): readonly number[] {
  return partsOf(page, markdown).flatMap((part) => ("heading" in part ? [part.heading.indexOf(" ")] : []));
}

const FENCE = /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)/;

function partsOf(page: string, markdown: string): readonly Part[] {
  const lines = markdown.split(/\r?\n/);
  const parts: Part[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (/^#{1,6} /.test(line)) parts.push({ heading: line });
    const [, indent, fence, language] = FENCE.exec(line) ?? [];
    if (indent === undefined || fence === undefined || language === undefined) continue;

    const start = at + 1;
    while (!isClosing(lines[++at], fence)) {
      if (at >= lines.length) throw new Error(`${page}:${start}: this code block has no end.`);
    }
    const text = lines.slice(start, at).map((code) => withoutIndent(code, indent));
    parts.push({ block: { page, line: start + 1, language, text: text.join("\n") } });
  }
  return parts;
}

function isClosing(line: string | undefined, fence: string): boolean {
  const bare = line?.trim() ?? "";
  return bare.startsWith(fence) && bare.replaceAll(fence.charAt(0), "") === "";
}

/** A block inside a list is indented with it; that much is not code. */
function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
}
