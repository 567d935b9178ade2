import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { importsOf, type SourceImport } from "./support/source-imports.ts";

const BELOW_THE_FRONT_DOOR =
  "errors model crypto web i18n operation oauth providers storage options options-check runtime " +
  "audit webhooks sessions access rules limits users roles api-keys requests owner-link invitations vault logout transfer recheck housekeeping login pages http api gateway";

/**
 * The floors of the house: what each folder (or file) of `src` may import besides itself. Closed: what is not said
 * here is forbidden. `type x` = types only, `x/y` = that file only, `*` = everything.
 */
const FLOORS: Readonly<Record<string, string>> = {
  // 0 · nothing of ours, except each other
  errors: "",
  model: "errors crypto web i18n operation",
  crypto: "errors model web i18n",
  web: "errors model crypto i18n",
  i18n: "errors model crypto web",
  operation: "errors model",

  // 1 · protocol, places to sign in, places to keep, settings
  oauth: "model crypto errors",
  providers: "oauth model operation errors",
  storage: "model operation crypto errors",
  options: "model crypto web i18n errors providers/definition",
  "options-check": "model crypto web i18n errors options providers/definition",
  runtime:
    "model crypto web i18n errors operation options type:providers type:sessions/session-cache type:sessions/last-seen type:access/live-policy type:limits/limiter",

  // 2 · verbs
  audit: "model crypto errors web runtime options",
  limits: "model crypto errors web audit operation",
  webhooks: "model crypto errors operation web runtime options audit access/actor-rights limits oauth",
  sessions: "model crypto errors web runtime options audit access vault",
  access: "model crypto errors web runtime options audit",
  rules: "model crypto errors web runtime options audit access",
  users: "model crypto errors web runtime options audit access sessions vault",
  roles: "model crypto errors web runtime options audit access",
  requests: "model crypto errors web runtime options audit access webhooks",
  vault: "model crypto errors operation web runtime options audit type:providers",
  logout: "model crypto errors web runtime options audit sessions vault type:providers",
  transfer: "model crypto errors web runtime options audit access users roles",
  invitations: "model crypto errors web runtime options audit access limits",
  "owner-link": "model crypto errors web runtime options audit access sessions webhooks",
  login:
    "model crypto errors operation web runtime options audit access sessions users requests owner-link invitations limits vault logout recheck/note-vouched type:providers",
  housekeeping:
    "model crypto errors web runtime options audit users/purge-deleted-users access/actor-rights access/end-expired-grants",
  recheck: "model crypto errors web runtime options audit access sessions vault type:providers",

  "api-keys": "model crypto errors web runtime options audit access",
  tokens: "model crypto errors web runtime options",

  // 3 · doors
  pages:
    "model crypto errors web i18n runtime options login sessions users access requests owner-link vault audit",
  http: "model crypto errors operation web i18n runtime options login logout sessions users access requests owner-link invitations vault tokens api-keys audit limits pages type:providers",
  api: "model crypto errors web i18n runtime options login sessions users access requests owner-link vault audit",
  gateway:
    "model crypto errors web i18n runtime options login sessions users access requests owner-link vault audit",
  // Looks at what is set up, from below the doors; nothing that serves people needs it.
  doctor: "model crypto errors i18n options oauth providers access",

  // 4 · where all parts meet
  postern: BELOW_THE_FRONT_DOOR,
  "define-config": "options",
  "load-config": "errors options",
  door: "model web postern index",
  index: `${BELOW_THE_FRONT_DOOR} postern define-config load-config`,

  // Stands alone: services that know nothing of the rest import it.
  verify: "",
  // Runs in the browser of a front end: what it imports at run time, people would have to bundle.
  browser: "type:model",

  // 5 · frameworks
  adapters: "postern index door web model",

  // 6 · what people run
  testing: "model errors web adapters index providers rehearsal crypto/random",
  rehearsal: "*",
  cli: "*",
};

/** Who may import what from outside; `node:` modules that are not listed are free, packages that are not are forbidden. */
const PACKAGES: Readonly<Record<string, string>> = {
  "node:crypto": "crypto oauth rehearsal",
  "node:sqlite": "storage",
  kysely: "storage",
  pg: "storage",
  mysql2: "storage",
  "@opentelemetry/api": "operation",
  "@redis/client": "storage",
  oauth4webapi: "oauth rehearsal",
  jose: "oauth rehearsal verify",
  "hono/html": "pages rehearsal",
  hono: "http adapters rehearsal",
  "@hono/node-server": "adapters rehearsal",
  express: "adapters rehearsal",
  zod: "api rehearsal",
  cac: "cli",
  vitest: "testing",
};

interface SourceFile {
  /** Below `src`: `model/user.ts`. */
  readonly path: string;
  readonly imports: readonly SourceImport[];
}

const SRC = join(import.meta.dirname, "../src");

const files: readonly SourceFile[] = globSync("**/*.ts", { cwd: SRC })
  .filter((path) => !path.endsWith(".test.ts"))
  .sort()
  .map((path) => ({
    path: path.replaceAll("\\", "/"),
    imports: importsOf(readFileSync(join(SRC, path), "utf8")),
  }));

test("every folder has a row in the table", () => {
  const without = new Set(files.map(({ path }) => unitOf(path)).filter((unit) => FLOORS[unit] === undefined));
  expect([...without]).toEqual([]);
});

test("imports go down only", () => {
  const forbidden = files.flatMap((file) =>
    inside(file)
      .filter(({ target, typeOnly }) => !mayImport(file.path, target, typeOnly))
      .map(({ target, typeOnly }) => `${file.path} → ${target}${typeOnly ? " (type)" : ""}`),
  );
  expect(forbidden, forbidden.join("\n")).toEqual([]);
});

test("packages from outside stay where they belong", () => {
  const forbidden = files.flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier }) => !specifier.startsWith("."))
      .filter(({ specifier }) => !mayUsePackage(unitOf(path), specifier))
      .map(({ specifier }) => `${path} → ${specifier}`),
  );
  expect(forbidden, forbidden.join("\n")).toEqual([]);
});

test("no file imports itself in a circle, types included", () => {
  const graph = new Map(files.map((file) => [file.path, inside(file).map(({ target }) => target)]));
  const circles = circlesIn(graph).map((circle) => circle.join(" → "));
  expect(circles, circles.join("\n")).toEqual([]);
});

test("a circle is found, and only what is in it", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c", "d"]],
    ["c", ["a"]],
    ["d", ["d"]],
    ["e", ["a"]],
  ]);
  expect(circlesIn(graph).map((circle) => [...circle].sort())).toEqual([["d"], ["a", "b", "c"]]);
});

/** The folder directly below `src`, or the name of a file that stands there alone. */
function unitOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : path.replace(/\.ts$/, "");
}

function inside({ path, imports }: SourceFile): readonly { target: string; typeOnly: boolean }[] {
  return imports
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier, typeOnly }) => ({
      target: normalize(join(dirname(path), specifier)).replaceAll("\\", "/"),
      typeOnly,
    }));
}

function mayImport(path: string, target: string, typeOnly: boolean): boolean {
  if (target.startsWith("../")) return false;
  if (unitOf(path) === unitOf(target)) return true;
  return (FLOORS[unitOf(path)] ?? "").split(" ").some((entry) => {
    if (entry === "*") return true;
    if (entry.startsWith("type:") && !typeOnly) return false;
    const allowed = entry.replace("type:", "");
    return allowed === unitOf(target) || `${allowed}.ts` === target;
  });
}

function mayUsePackage(unit: string, specifier: string): boolean {
  const row = Object.keys(PACKAGES)
    .filter((name) => specifier === name || specifier.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length)[0];
  if (row === undefined) return specifier.startsWith("node:");
  return (PACKAGES[row] ?? "").split(" ").includes(unit);
}

/** The strongly connected parts of the graph (Tarjan), as far as they hold a circle. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];

  const visit = (node: string): number => {
    const own = order.size;
    order.set(node, own);
    lowest.set(node, own);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      const seen = order.get(next);
      const reached = seen === undefined ? visit(next) : stack.includes(next) ? seen : own;
      lowest.set(node, Math.min(lowest.get(node) ?? own, reached));
    }
    if (lowest.get(node) === own) {
      const part = stack.splice(stack.indexOf(node));
      if (part.length > 1 || graph.get(node)?.includes(node)) circles.push(part);
    }
    return lowest.get(node) ?? own;
  };

  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return circles;
}
