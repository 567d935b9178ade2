import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createPostern } from "../../src/index.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import { callbackOf } from "../attacks/transaction.ts";
import { type BackOffice, rehearsalProviders, SECRET, startBackOffice } from "../support/back-office.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";

let rehearsal: Rehearsal;
let folder: ScratchFolder;
beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.close());
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => folder.remove());

const open = () => startBackOffice({ rehearsalUrl: rehearsal.url, database: folder.database("postern.db") });

describe.each(["sqlite", "postgres"])("SIGTERM under load, on %s", (engine) => {
  test("no request that was begun is cut, and the process ends with 0", { timeout: 60_000 }, async () => {
    const database = engine === "postgres" ? await freshDatabase() : folder.database("postern.db");
    const script = join(import.meta.dirname, "../support/shutdown-main.ts");
    const told = JSON.stringify({ rehearsalUrl: rehearsal.url, database });
    const child = spawn(process.execPath, [script, told], { stdio: ["pipe", "pipe", "inherit"] });
    const begun = new Set<string>();
    const lines = createInterface(child.stdout);
    const url = await new Promise<string>((resolve) => {
      lines.on("line", (line) => {
        if (line.startsWith("begun ")) begun.add(line.slice("begun ".length));
        else resolve(line);
      });
    });
    const ended = once(child, "exit");
    const printed = once(lines, "close");

    const person = new Person(url);
    await person.signIn("rehearsal", "ada");
    const name = (await person.session())?.user.name;
    const answered = new Map<string, string>();
    const agent = new Agent({ keepAlive: true });
    let gone = false;
    const lane = async (lane: number) => {
      for (let n = 0; !gone; n++) {
        const path = `/work/${lane}-${n}`;
        const answer = await ask(new URL(path, url), person.jar.header(), agent);
        if (answer !== null) answered.set(path, answer);
      }
    };
    const load = Promise.all(Array.from({ length: 12 }, (_, n) => lane(n)));
    await vi.waitFor(() => expect(answered.size).toBeGreaterThan(30), { timeout: 20_000 });

    const asked = performance.now();
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    // Well before the deadline: nobody had to be waited for longer than a page takes.
    expect(performance.now() - asked).toBeLessThan(8_000);
    gone = true;
    await printed;
    await load;
    agent.destroy();
    expect(begun.size).toBeGreaterThan(30);
    const answers = [...begun].map((path) => answered.get(path) ?? `${path} was cut`);
    expect([...new Set(answers)]).toEqual([`200 <${name}>`]);
  });
});

/** Status and body, `null` when there was no whole answer. */
function ask(url: URL, cookie: string, agent: Agent): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get(url, { agent, headers: { cookie, accept: "text/html" } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve(`${response.statusCode} ${body}`));
      response.on("error", () => resolve(null));
    });
    request.on("error", () => resolve(null));
  });
}

describe("close", () => {
  test("first says that it is not ready, while it still serves", async () => {
    const office = await open();
    const status = async (path: string) => (await fetch(office.url + path, { redirect: "manual" })).status;
    expect(await status("/auth/health/ready")).toBe(200);
    const closed = office.door.close({ notice: 700 });
    expect(await status("/auth/health/ready")).toBe(503);
    expect(await status("/auth/health/live")).toBe(200);
    expect(await status("/auth/sign-in")).toBe(200);
    await closed;
    expect(await status("/auth/sign-in")).toBe(503);
    await office.close();
  });

  test("finishes what was begun and lets nobody new in meanwhile, who is told when to come again", async () => {
    const office = await open();
    const { finish, answer } = await slowSignIn(office);
    const closed = office.door.close();
    const refused = await fetch(`${office.url}/auth/session`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: "shutting_down" });
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(refused.headers.get("connection")).toBe("close");
    finish();
    expect((await answer).headers.get("location")).toBe("/orders");
    await closed;
    expect(office.logged.at(-1)).toMatch(/^closed /);
    await office.close();
  });

  test("ends at the deadline all the same, and the log says what was cut", async () => {
    const office = await open();
    const { finish, answer } = await slowSignIn(office);
    const begun = performance.now();
    await office.door.close({ deadline: 400 });
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(office.logged.join("\n")).toMatch(/closed at the deadline.*"cut":\["requests"\],"requests":1/);
    finish();
    // Nobody is let in without a session that is kept.
    const late = await answer;
    expect(late.status).toBe(503);
    expect(late.headers.getSetCookie().filter((cookie) => cookie.startsWith("postern="))).toEqual([]);
    await office.close();
  });

  test("may be called twice at once, and again", async () => {
    const office = await open();
    await Promise.all([office.door.close(), office.door.close({ deadline: 1 })]);
    await office.door.close();
    expect(office.logged.filter((line) => line.startsWith("closed"))).toHaveLength(1);
    await office.close();
  });

  test("afterwards everything says so at once, and nothing hangs", async () => {
    const postern = await createPostern({
      publicUrl: "http://localhost:3000",
      secret: SECRET,
      database: folder.database("postern.db"),
      providers: rehearsalProviders(rehearsal.url),
      roles: { support: ["orders.read"] },
    });
    const withKeys = postern.requirePermission("orders.read", { apiKeys: true });
    await postern.close();
    const headers = { cookie: `postern=${"x".repeat(43)}` };
    await expect(postern.authenticate({ headers })).rejects.toMatchObject({ code: "shutting_down" });
    const request = { headers, url: "/orders", method: "POST" };
    const key = { headers: { authorization: "Bearer pst_x" }, url: "/orders", method: "GET" };
    for (const result of [
      await postern.requireUser()(request),
      await postern.requireRole("admin")({ ...request, method: "GET" }),
      await withKeys(key),
    ]) {
      expect(result.admitted).toBe(false);
      if (!result.admitted) expect(result.response.status).toBe(503);
    }
    const handled = await postern.handle(new Request("http://localhost:3000/auth/session"));
    expect(handled?.status).toBe(503);
    const ready = await postern.handle(new Request("http://localhost:3000/auth/health/ready"));
    expect(await ready?.json()).toMatchObject({ status: 503, code: "shutting_down" });
    expect(await postern.handle(new Request("http://localhost:3000/orders"))).toBeNull();
    await expect(postern.users.list()).rejects.toMatchObject({ code: "store_unavailable" });
    expect(postern.metrics()).toContain("process_start_time_seconds");
  });
});

/** Somebody who comes back from the provider, whose token endpoint answers only when `finish` is called. */
async function slowSignIn(office: BackOffice) {
  const { promise: goOn, resolve: finish } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const person = new Person(office.url);
  const callback = await callbackOf(person, "rehearsal", "ada", "/orders");
  rehearsal.delay("token", () => {
    arrive();
    return goOn;
  });
  const answer = person.request(callback).finally(() => rehearsal.delay("token", null));
  await arrived;
  return { finish, answer };
}
