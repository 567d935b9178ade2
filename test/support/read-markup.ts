/** An element of a page as it was read back. */
export interface ReadElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** All text inside, its references resolved. */
  text: string;
  readonly parent: ReadElement | null;
}

const VOID = new Set(["meta", "link", "input"]);
const TAG = /<(?:!doctype html|(\/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-zA-Z-]*(?:="[^"<>]*")?)*)\s*)>/y;
const ATTRIBUTE = /([a-z][a-zA-Z-]*)(?:="([^"]*)")?/g;
const REFERENCES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/**
 * Reads a page far more strictly than a browser would: lower-case tags, quoted attributes, each element closed, no
 * bare `<`, `>` or `&` in text. What passes means the same to every parser.
 * @throws Error at the first place that is not so
 */
export function readMarkup(html: string): readonly ReadElement[] {
  const elements: ReadElement[] = [];
  let open: ReadElement | null = null;
  let at = 0;
  while (at < html.length) {
    if (html[at] !== "<") {
      const end: number = html.indexOf("<", at) === -1 ? html.length : html.indexOf("<", at);
      const text = resolveReferences(html.slice(at, end));
      for (let element: ReadElement | null = open; element !== null; element = element.parent)
        element.text += text;
      at = end;
      continue;
    }
    TAG.lastIndex = at;
    const match = TAG.exec(html);
    if (match === null) throw new Error(`Not a tag of ours: ${html.slice(at, at + 80)}`);
    at = TAG.lastIndex;
    const [, slash, tag, attributes = ""] = match;
    if (tag === undefined) continue;
    if (slash === "/") {
      if (open?.tag !== tag) throw new Error(`</${tag}> closes <${open?.tag ?? "nothing"}>`);
      open = open.parent;
      continue;
    }
    const element: ReadElement = { tag, attributes: readAttributes(attributes), text: "", parent: open };
    elements.push(element);
    if (!VOID.has(tag)) open = element;
  }
  if (open !== null) throw new Error(`<${open.tag}> is not closed`);
  return elements;
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = "", value = ""] of source.matchAll(ATTRIBUTE)) {
    if (Object.hasOwn(attributes, name)) throw new Error(`${name} stands twice in ${source}`);
    attributes[name] = resolveReferences(value);
  }
  return attributes;
}

function resolveReferences(text: string): string {
  if (text.includes(">")) throw new Error(`A bare > in ${text}`);
  return text.replace(/&([^;\s]{0,8});?/g, (whole, name: string) => {
    const character = whole.endsWith(";") ? REFERENCES[name] : undefined;
    if (character === undefined) throw new Error(`A bare & in ${text}`);
    return character;
  });
}
