import { expect, test } from "vitest";
import type { CodeBlock } from "./markdown.ts";
import { typeErrorsIn } from "./type-check.ts";

const example = (line: number, text: string): CodeBlock => ({
  page: "docs/a.md",
  line,
  language: "ts",
  text,
});

test("examples of a page may import each other and the package, and mistakes are told by page and line", async () => {
  const errors = await typeErrorsIn([
    example(3, `// names.ts: shared by the others\nexport const provider: string = "github";`),
    example(
      10,
      `import { provider } from "./names.ts";\nimport type { ProviderDefinition } from "postern/providers/definition";\nconst id: ProviderDefinition["id"] = provider;`,
    ),
    example(20, `import { provider } from "./names.ts";\nconst wrong: number = provider;`),
    example(30, `const ok = 1;\nundeclared(ok);`),
    example(40, `import { nothing } from "postern/storage/sqlite";`),
  ]);
  expect(errors).toEqual([
    expect.stringMatching(/^docs\/a\.md:21: error TS2322/),
    expect.stringMatching(/^docs\/a\.md:31: error TS2304/),
    expect.stringMatching(/^docs\/a\.md:40: error TS2307/),
  ]);
});
