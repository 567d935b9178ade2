import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expressApplication } from "../../test/support/applications/express.ts";
import { honoApplication } from "../../test/support/applications/hono.ts";
import { nodeApplication } from "../../test/support/applications/node.ts";
import { rehearsalProviders, SECRET } from "../../test/support/back-office.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import {
  type AdapterApplication,
  expectSignedOutWithinASecond,
  type StartApplication,
} from "../testing/adapter-suite.ts";
import { Person } from "../testing/person.ts";

const APPLICATIONS: Readonly<Record<string, StartApplication>> = {
  express: expressApplication,
  hono: honoApplication,
  node: nodeApplication,
};

const folder = mkdtempSync(join(tmpdir(), "postern-one-system-"));
const running = new Map<string, { url: string; server: Server; door: AdapterApplication["door"] }>();
let rehearsal: Rehearsal;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  for (const [name, start] of Object.entries(APPLICATIONS)) running.set(name, await serve(start));
});
afterAll(async () => {
  for (const { server, door } of running.values()) {
    server.closeAllConnections();
    server.close();
    await door.close();
  }
  await rehearsal.close();
  rmSync(folder, { recursive: true, force: true });
});

const urlOf = (name: string) => running.get(name)?.url ?? "";

test.each([
  ["express", "hono"],
  ["hono", "node"],
  ["node", "express"],
])(
  "in at %s is in at %s, with the same roles; out there is out here within a second",
  async (here, there) => {
    const person = new Person(urlOf(here));
    await person.signIn("rehearsal", "ada");
    const elsewhere = new Person(urlOf(there), { jar: person.jar.copy() });
    expect(await (await elsewhere.request("/admin")).text()).toBe("Welcome, Ada Marsh");
    expect(await elsewhere.session()).toMatchObject({ user: (await person.session())?.user });

    expect((await elsewhere.post("/auth/sign-out")).status).toBe(303);
    await expectSignedOutWithinASecond(person);
  },
);

async function serve(start: StartApplication) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const options = {
    publicUrl: url,
    secret: SECRET,
    database: `file:${join(folder, "postern.db")}`,
    providers: rehearsalProviders(rehearsal.url),
    owners: ["rehearsal:ada@demo.example"],
    roles: { lead: ["orders.refund"] },
  };
  const { listener, door } = await start({ options, prefix: "", bodyParserFirst: false });
  server.on("request", listener);
  return { url, server, door };
}
