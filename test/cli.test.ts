import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../src/testing/person.ts";
import { BUILT_COMMAND, type CommandResult, runBuiltCommand, writeConfig } from "./support/command-line.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "postern-built-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of its own to run in, without a configuration. */
function emptyFolder(): string {
  return mkdtempSync(join(folder, "empty-"));
}

describe("the built command", () => {
  test("is a program", () => {
    expect(() => accessSync(BUILT_COMMAND, constants.X_OK)).not.toThrow();
  });

  test("tells its version", async () => {
    const { version } = (await import("../package.json", { with: { type: "json" } })).default;
    expect(await runBuiltCommand(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("loads only itself for its help, so that it comes at once", async () => {
    const loaded = await urlsLoadedBy(["users", "--help"]);
    expect(loaded).toContain(pathToFileURL(BUILT_COMMAND).href);
    const files = loaded.filter((url) => !url.startsWith("node:")).map((url) => fileURLToPath(url));
    const bytes = files.map((file) => statSync(file).size).reduce((sum, size) => sum + size, 0);
    // The server's own file alone is larger.
    expect(bytes).toBeLessThan(250_000);
    const texts = files.map((file) => readFileSync(file, "utf8")).join("\n");
    expect(texts).not.toMatch(/createPostern|node:sqlite|node:http/);
  });

  test("puts the help on stdout, and talk on stderr", async () => {
    const help = await runBuiltCommand(["users", "--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    const wrong = await runBuiltCommand(["users", "lisst"]);
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain("postern users list");
  });

  test("finds no configuration: exit code 3, and both ways on are named", async () => {
    const cwd = emptyFolder();
    const { code, stdout, stderr } = await runBuiltCommand(["users", "list"], { cwd });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("postern.config.ts");
    expect(stderr).toContain("--demo");
    expect((await runBuiltCommand(["migrate"], { cwd })).code).toBe(3);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("finds no demo: exit code 7, and nothing is made", async () => {
    const cwd = emptyFolder();
    const { code, stderr } = await runBuiltCommand(["users", "list", "--demo"], { cwd });
    expect(code).toBe(7);
    expect(stderr).toContain("postern demo");
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("migrates with nothing but DATABASE_URL", async () => {
    const cwd = emptyFolder();
    const env = { DATABASE_URL: "file:data/app.db" };
    const ran = await runBuiltCommand(["migrate", "--json"], { cwd, env });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(join("data", "app.db"));
    expect(JSON.parse(ran.stdout)).toMatchObject({ ran: expect.arrayContaining(["0001-foundation"]) });
    const status = await runBuiltCommand(["migrate", "status", "--json"], { cwd, env });
    expect(JSON.parse(status.stdout)).toMatchObject({ pending: 0 });
  });

  test("reads the postern.config of the folder, or the one that POSTERN_CONFIG names", async () => {
    const project = emptyFolder();
    mkdirSync(join(project, "data"));
    const config = writeConfig(project, {
      database: "file:data/app.db",
      rehearsalUrl: "http://localhost:4181",
      from: "dist",
    });
    expect((await runBuiltCommand(["migrate"], { cwd: project })).code).toBe(0);
    const here = await runBuiltCommand(["users", "list", "--json"], { cwd: project });
    expect(here.code).toBe(0);
    expect(JSON.parse(here.stdout)).toMatchObject({ items: [], total: { value: 0 } });

    const elsewhere = await runBuiltCommand(["users", "list"], {
      cwd: emptyFolder(),
      env: { POSTERN_CONFIG: config },
    });
    expect(elsewhere.code).toBe(7);
    expect(elsewhere.stderr).toContain("There is no database yet");
  });

  test("refuses the demo in production", async () => {
    const env = { NODE_ENV: "production" };
    for (const argv of [["demo"], ["users", "list", "--demo"]]) {
      const { code, stdout, stderr } = await runBuiltCommand(argv, { cwd: emptyFolder(), env });
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
      expect(stderr).toContain("NODE_ENV");
    }
  });
});

/** Every module that Node loads for a command line. */
async function urlsLoadedBy(argv: readonly string[]): Promise<readonly string[]> {
  const script = `
    import { registerHooks } from "node:module";
    const urls = [];
    registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
    process.argv.splice(1, Infinity, "postern", ...${JSON.stringify(argv)});
    await import(${JSON.stringify(pathToFileURL(BUILT_COMMAND).href)});
    console.error(JSON.stringify(urls));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  child.stdout.resume();
  return JSON.parse(await text(child.stderr)).toSorted();
}

describe("the demo", () => {
  let cwd: string;
  let demo: RunningDemo;

  beforeAll(async () => {
    cwd = emptyFolder();
    demo = await startDemo(cwd);
  });
  afterAll(() => demo?.process.kill("SIGKILL"));

  const postern = (...argv: readonly string[]): Promise<CommandResult> => runBuiltCommand(argv, { cwd });

  async function signIn(persona: string): Promise<Person> {
    const person = new Person(demo.url);
    await person.signIn("rehearsal", persona);
    expect(await person.session()).not.toBeNull();
    return person;
  }

  test("says what to open, who to be, where things are kept and how to stop", async () => {
    const other = emptyFolder();
    const { process: child } = await startDemo(other, { json: false });
    child.kill("SIGTERM");
    const stdout = await child.output;
    expect(stdout).toMatch(/^Open\thttp:\/\/localhost:\d+\/admin$/m);
    for (const word of ["Ada Marsh (owner", "Grace Holm (admin", "Bo Lund (member", "Mallory Finch"]) {
      expect(stdout).toContain(word);
    }
    expect(stdout).toContain(join(".postern", "postern.db"));
    expect(stdout).toContain("Ctrl+C");
  });

  test("a port that is taken is exit code 1, with the option and the variable to change it", async () => {
    const { port } = new URL(demo.url);
    const flag = await postern("demo", "--port", port, "--rehearsal-port", "0");
    expect(flag).toMatchObject({ code: 1, stdout: "" });
    expect(flag.stderr).toContain(`Port ${port} is taken. Choose another with --port or PORT.`);

    const rehearsal = new URL(demo.rehearsalUrl).port;
    const variable = await runBuiltCommand(["demo", "--port=0"], { cwd, env: { REHEARSAL_PORT: rehearsal } });
    expect(variable.code).toBe(1);
    expect(variable.stderr).toContain("--rehearsal-port or REHEARSAL_PORT");
  });

  test("another one shares its provider with REHEARSAL_URL, and its people with its database", async () => {
    const ada = await signIn("ada");
    const second = await startDemo(cwd, { env: { REHEARSAL_URL: demo.rehearsalUrl } });
    expect(second.rehearsalUrl).toBe(demo.rehearsalUrl);
    const elsewhere = new Person(second.url, { jar: ada.jar });
    expect((await elsewhere.session())?.user.name).toBe("Ada Marsh");
    second.process.kill("SIGTERM");
    await second.process.ended;
  });

  test("--demo acts on it", async () => {
    await signIn("grace");
    const { code, stdout, stderr } = await postern("users", "list", "--demo", "--query", "grace", "--json");
    expect(code).toBe(0);
    expect(stderr).toContain("(demo)");
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ name: "Grace Holm", roles: ["admin"] }] });
  });

  test("a sign-out by the command line is effective in it within a second", async () => {
    const bo = await signIn("bo");
    const phone = await signIn("bo");
    const { code } = await postern("users", "sign-out", "rehearsal:bo@demo.example", "--demo");
    expect(code).toBe(0);
    expect(await elapsedUntil(async () => (await bo.session()) === null)).toBeLessThan(1000);
    expect(await phone.session()).toBeNull();
  });

  test("so is a role that is given or taken away", async () => {
    const bo = await signIn("bo");
    expect((await bo.request("/admin")).status).toBe(403);
    const who = ["rehearsal:bo@demo.example", "admin", "--demo"];
    expect((await postern("users", "grant", ...who)).code).toBe(0);
    expect(await elapsedUntil(async () => (await bo.request("/admin")).status === 200)).toBeLessThan(1000);
    expect((await postern("users", "revoke", ...who)).code).toBe(0);
    expect(await elapsedUntil(async () => (await bo.request("/admin")).status === 403)).toBeLessThan(1000);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends it well, and the next start knows everybody",
    async (signal) => {
      const ada = await signIn("ada");
      demo.process.kill(signal);
      expect(await demo.process.ended).toBe(0);
      demo = await startDemo(cwd);
      expect((await new Person(demo.url, { jar: ada.jar }).session())?.user.name).toBe("Ada Marsh");
    },
  );

  test("a second signal ends it at once", async () => {
    const other = await startDemo(emptyFolder());
    // A connection that asks for nothing keeps the first signal waiting.
    const silent = connect(Number(new URL(other.url).port), "127.0.0.1");
    silent.on("error", () => {});
    await once(silent, "connect");
    await new Person(other.url).session();
    other.process.kill("SIGINT");
    await other.process.talk("Stopping");
    other.process.kill("SIGINT");
    expect(await other.process.ended).toBe(130);
    silent.destroy();
  });
});

interface RunningDemo {
  readonly url: string;
  readonly rehearsalUrl: string;
  readonly process: {
    kill(signal: NodeJS.Signals): void;
    /** Resolves when stderr holds the text. */
    talk(words: string): Promise<void>;
    /** All of stdout, when it has ended. */
    readonly output: Promise<string>;
    /** The exit code, or the signal. */
    readonly ended: Promise<number | string>;
  };
}

/** Starts the built demo on free ports and waits until it says where it is. */
async function startDemo(
  cwd: string,
  {
    env = {},
    json = true,
  }: { readonly env?: Readonly<Record<string, string>>; readonly json?: boolean } = {},
): Promise<RunningDemo> {
  const ports = ["--port=0", ...(env.REHEARSAL_URL === undefined ? ["--rehearsal-port=0"] : [])];
  const words = [BUILT_COMMAND, "demo", ...ports, ...(json ? ["--jsonl"] : [])];
  const child = spawn(process.execPath, words, { cwd, env: { PATH: process.env.PATH, ...env } });
  const ended = once(child, "exit").then(([code, signal]) => code ?? signal);
  const first = await Promise.race([firstText(child), ended]);
  if (typeof first !== "string") {
    throw new Error(`The demo ended with ${first}: ${await text(child.stderr)}`);
  }
  const { url = "", rehearsalUrl = "" } = json ? JSON.parse(first) : {};
  return {
    url,
    rehearsalUrl,
    process: {
      kill: (signal) => void child.kill(signal),
      talk: async (words) => {
        let heard = "";
        for await (const chunk of child.stderr) {
          heard += chunk;
          if (heard.includes(words)) return;
        }
        throw new Error(`It never said "${words}": ${heard}`);
      },
      output: ended.then(() => first),
      ended,
    },
  };
}

/** What it writes first: the demo writes all it has to say in one piece. */
async function firstText(child: ChildProcess): Promise<string> {
  child.stdout?.setEncoding("utf8");
  const [chunk] = child.stdout === null ? [""] : await once(child.stdout, "data");
  return String(chunk);
}

/** Asks again and again; answers the milliseconds until it was so. */
async function elapsedUntil(isSo: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  while (!(await isSo())) {
    if (performance.now() - start > 5_000) break;
  }
  return performance.now() - start;
}
