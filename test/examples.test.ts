import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Rehearsal, startRehearsal } from "../src/rehearsal/start-rehearsal.ts";
import { Person } from "../src/testing/person.ts";
import { copyExample, type ExampleProcess, runExample } from "./support/example-process.ts";
import { freePort } from "./support/free-port.ts";
import { type PackedPackage, packPackage } from "./support/packed-package.ts";

let packed: PackedPackage;
let rehearsal: Rehearsal;

beforeAll(async () => {
  [packed, rehearsal] = await Promise.all([
    packPackage(["express", "hono", "@hono/node-server"]),
    startRehearsal(),
  ]);
  await writeFile(join(packed.project, "package.json"), JSON.stringify({ type: "module" }));
});
afterAll(async () => {
  await rehearsal?.close();
  await packed?.remove();
});

describe.each(["express", "hono", "node"])("the example for %s, copied beside the packed package", (name) => {
  let url: string;
  let folder: string;
  let application: ExampleProcess;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://localhost:${port}`;
    folder = await copyExample(packed, name);
    application = await runExample(folder, "app.ts", {
      PORT: String(port),
      POSTERN_PUBLIC_URL: url,
      POSTERN_SECRET: "a-secret-for-the-examples-0123456789-abcdef",
      OIDC_ISSUER: rehearsal.issuer,
    });
    expect(application.firstLine).toBe(`Open ${url}/orders`);
  });
  afterAll(() => application?.close());

  test("lets people in by the role that its rules give them", async () => {
    const li = new Person(url);
    expect((await li.request("/orders")).headers.get("location")).toBe("/auth/sign-in?return_to=%2Forders");
    const back = await li.signIn("corp", "liwei", { returnTo: "/orders" });
    expect(back.headers.get("location")).toBe("/orders");
    expect(await (await li.request("/orders")).json()).toMatchObject({ for: "liwei@demo.example" });
    expect(await (await li.post("/orders/1001/refund")).json()).toEqual({
      refunded: 1001,
      by: "liwei@demo.example",
    });
    expect(await (await li.request("/")).text()).toContain("Hello, 李伟.");
    expect((await li.request("/admin")).status).toBe(403);

    const bo = new Person(url);
    await bo.signIn("corp", "bo");
    expect((await bo.request("/orders")).status).toBe(200);
    expect((await bo.post("/orders/1001/refund")).status).toBe(403);

    const ada = new Person(url);
    await ada.signIn("corp", "ada");
    expect(await (await ada.request("/admin")).text()).toBe("Welcome to the back office, Ada Marsh");
    expect(await (await new Person(url).request("/")).text()).toContain("Hello, stranger.");
  });

  test("answers when the database fails, and goes on", async () => {
    const database = new DatabaseSync(join(folder, ".postern/postern.db"), { timeout: 5_000 });
    database.exec("alter table postern_sessions rename to lost_sessions");
    const cookie = `postern=${"A".repeat(43)}`;
    const failed = await new Person(url).request("/", { headers: { cookie } });
    expect(failed.status).toBe(name === "express" ? 503 : 500);
    database.exec("alter table lost_sessions rename to postern_sessions");
    database.close();
    expect(await (await new Person(url).request("/", { headers: { cookie } })).text()).toContain("stranger");
  });
});
