import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type NodeDoor, postern } from "../../src/adapters/node.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import { codeBlocksOf } from "../docs/markdown.ts";
import { SECRET } from "../support/back-office.ts";
import { runCommand } from "../support/command-line.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = "docs/from-nothing.md";
const BLOCKS = codeBlocksOf(PAGE, readFileSync(join(ROOT, PAGE), "utf8"));

/** The commands of the page's n-th block of them. */
function commandsOf(n: number): readonly string[] {
  const block = BLOCKS.filter(({ language }) => language === "console")[n];
  return (block?.text ?? "").split("\n").filter((line) => line.startsWith("$ "));
}

let folder: ScratchFolder;
let rehearsal: Rehearsal;
let server: Server;
let url: string;
let door: NodeDoor;
let environment: Readonly<Record<string, string>>;
let config: string;

beforeAll(async () => {
  folder = scratchFolder();
  rehearsal = await startRehearsal();
  const listener: RequestListener = () => {};
  server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://localhost:${(server.address() as AddressInfo).port}`;

  config = writeConfig();
  environment = { PUBLIC_URL: url, POSTERN_SECRET: SECRET, DATABASE_URL: folder.database("postern.db") };
  // The configuration reads them where everybody's does.
  Object.assign(process.env, environment, {
    FEISHU_APP_ID: "cli_demo",
    FEISHU_APP_SECRET: "rehearsal-secret",
  });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await door?.close();
  await rehearsal.close();
  folder.remove();
});

/** The page's own configuration, with the provider that imitates Feishu in its place. */
function writeConfig(): string {
  const [block] = BLOCKS.filter(({ language }) => language === "ts");
  const source = (file: string) => JSON.stringify(pathToFileURL(join(ROOT, "src", file)).href);
  const text = (block?.text ?? "")
    .replace('"postern"', source("define-config.ts"))
    .replace('"postern/providers/feishu"', source("providers/feishu.ts"))
    .replace("feishu({", `feishu({ baseUrl: ${JSON.stringify(rehearsal.lookAlikes.envelope)},`);
  const file = join(dirname(folder.database("x").replace(/^file:/, "")), "postern.config.mjs");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Runs a line of the page, in the folder where the page's files lie. */
async function run(line: string) {
  const words = [...line.slice("$ postern ".length).matchAll(/"([^"]*)"|(\S+)/g)];
  const argv = words.map(([, quoted, plain = ""]) => quoted ?? plain);
  const inFolder = argv.map((word) => (word.endsWith(".json") ? join(dirname(config), word) : word));
  const result = await runCommand([...inFolder, "--config", config], { env: environment });
  expect(result, `${line}\n${result.stderr}`).toMatchObject({ code: 0 });
  return result.stdout;
}

async function runAll(n: number): Promise<readonly string[]> {
  const printed: string[] = [];
  for (const line of commandsOf(n)) printed.push(await run(line));
  return printed;
}

async function openDoor(): Promise<RequestListener> {
  const { default: options } = await import(pathToFileURL(config).href);
  door = await postern({ ...options, database: environment.DATABASE_URL });
  const refund = door.requirePermission("orders.refund" as never);
  return door.listener(async (request, response) => {
    if ((await refund(request, response)) !== null) response.end("refunded");
  });
}

/** Whoever is not signed in is sent to the sign-in page. */
const refund = (person: Person) => person.post("/orders/1/refund");

test("the page's way, command by command", async () => {
  // 2. The database and the first owner.
  const [, link = ""] = await runAll(0);
  const listener = await openDoor();
  server.on("request", listener);
  const ada = new Person(url);
  const token = /\/owner-link\/(\S+)/.exec(link)?.[1] ?? "";
  await ada.post("/auth/owner-link", { token });
  await ada.signIn("feishu", "ada");
  expect((await ada.session())?.user.roles).toEqual(["owner"]);

  // 3. A role, and a rule that gives it.
  await runAll(1);
  const [rule] = BLOCKS.filter(({ language }) => language === "json");
  writeFileSync(join(dirname(config), "finance.json"), rule?.text ?? "");
  const grace = new Person(url);
  expect((await grace.signIn("feishu", "grace")).status).toBe(403);
  const [, , list = ""] = await runAll(2);
  expect(list).toContain("the finance group");

  // 4. Somebody of the group signs in, and somebody else does not.
  await grace.signIn("feishu", "grace");
  expect((await grace.session())?.user.roles).toEqual(["finance"]);
  expect(await (await refund(grace)).text()).toBe("refunded");
  const bo = new Person(url);
  expect((await bo.signIn("feishu", "bo")).status).toBe(403);
  expect((await refund(bo)).status).toBe(303);
  const [refusals = "", why = ""] = await runAll(3);
  expect(refusals).toContain("login.failed");
  expect(why).toMatch(/^✓ .*orders\.refund\n.*finance/);

  // 5. The day they leave the group.
  const persona = rehearsal.personas.find(({ id }) => id === "grace");
  if (persona?.memberships === undefined) throw new Error("Grace belongs nowhere");
  rehearsal.setPersona({ ...persona, memberships: { ...persona.memberships, departments: [3] } });
  await runAll(4);
  await expect.poll(() => grace.session(), { interval: 50, timeout: 1_500 }).toBeNull();
  expect((await grace.signIn("feishu", "grace")).status).toBe(403);
  expect((await refund(grace)).status).toBe(303);
});
