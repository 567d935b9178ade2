import { parseSync, Visitor } from "rolldown/utils";

/** One import of a source file. */
export interface SourceImport {
  /** As written: `./user.ts`, `node:crypto`. */
  readonly specifier: string;
  /** True when nothing of it is left at run time. `import { type A }` leaves an empty import, so it is not. */
  readonly typeOnly: boolean;
}

/** Everything that a TypeScript source imports: static, re-exported, dynamic and in types. */
export function importsOf(source: string): readonly SourceImport[] {
  const { program, errors } = parseSync("source.ts", source);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));

  const found: SourceImport[] = [];
  const add = (specifier: string, typeOnly: boolean) => found.push({ specifier, typeOnly });
  new Visitor({
    ImportDeclaration: (node) => add(node.source.value, node.importKind === "type"),
    ExportAllDeclaration: (node) => add(node.source.value, node.exportKind === "type"),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source.value, node.exportKind === "type");
    },
    ImportExpression: ({ source: named }) => {
      if (named.type === "Literal" && typeof named.value === "string") add(named.value, false);
      // A computed one names no file of ours: the package has no folder that is searched at run time.
      if (named.type === "TemplateLiteral" && named.expressions.length === 0) {
        add(named.quasis.map(({ value }) => value.raw).join(""), false);
      }
    },
    TSImportType: (node) => add(node.source.value, true),
  }).visit(program);
  return found;
}
