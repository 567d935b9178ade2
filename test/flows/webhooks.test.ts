import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import { codeBlocksOf } from "../docs/markdown.ts";
import { type BackOffice, type BackOfficeOptions, startBackOffice } from "../support/back-office.ts";
import { spawnBackOffice } from "../support/back-office-process.ts";
import { runCommand, writeConfig } from "../support/command-line.ts";
import { freshDatabase } from "../support/postgres.ts";
import {
  type ReceivedMessage,
  startWebhookReceiver,
  type WebhookReceiver,
} from "../support/webhook-receiver.ts";

const SECRET = "a-webhook-secret-for-tests-0123456789";
const MINUTE = 60_000;
const ACCESS = [{ when: { provider: "rehearsal" }, then: "ask" }] as const;

let folder: string;
let rehearsal: Rehearsal;
let receiver: WebhookReceiver;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-webhooks-"));
  rehearsal = await startRehearsal();
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await receiver.close();
  await rehearsal.close();
  rmSync(folder, { recursive: true, force: true });
});

const webhook = () => ({ url: receiver.url, secret: SECRET });

async function openOffice({ options, ...rest }: Partial<BackOfficeOptions> = {}): Promise<BackOffice> {
  const office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    options: { access: ACCESS, webhook: webhook(), ...options },
    ...rest,
  });
  closing.push(() => office.close());
  return office;
}

async function ask(url: string, persona: string, note: string): Promise<void> {
  const person = new Person(url);
  const body = await (await person.signIn("rehearsal", persona)).text();
  const nonce = /name="for" value="([^"]+)"/.exec(body)?.[1] ?? "";
  expect((await person.post("/auth/request-access", { for: nonce, note })).status).toBe(303);
}

describe.each(["sqlite", "postgres"])("on %s", (engine) => {
  const database = async () =>
    engine === "postgres" ? freshDatabase() : `file:${join(folder, "postern.db")}`;

  test("whoever asks, and what is decided, is told once by two servers, and no more than needed", async () => {
    const shared = await database();
    const office = await openOffice({ database: shared });
    const other = await openOffice({ database: shared });
    await ask(office.url, "mallory", "I count the <b>stock</b>.");
    await receiver.untilReceived(1);
    const [request] = await other.door.requests.list();
    const { id = "" } = request ?? {};
    expect(receiver.received[0]?.data).toEqual({
      request: {
        id,
        provider: "rehearsal",
        handle: request?.handle,
        email: "mallory@elsewhere.example",
        emailVerified: request?.emailVerified,
        note: "I count the <b>stock</b>.",
      },
      command: `postern requests show ${id}`,
    });

    await other.door.requests.decline(id, "Not on this project.", "job:test");
    await receiver.untilReceived(2);
    await office.door.requests.reopen(id, "job:test");
    await office.door.requests.approve(id, "member", "job:test");
    await receiver.untilReceived(3);
    expect(receiver.received.slice(1).map(({ type, data }) => [type, data.reason, data.role])).toEqual([
      ["access_request.declined", "Not on this project.", undefined],
      ["access_request.approved", undefined, "member"],
    ]);
    await office.close();
    await other.close();
    expect(receiver.received).toHaveLength(3);
  });

  test("a server that is killed in the middle of it leaves the message to another", async () => {
    const shared = await database();
    receiver.answer = () => {};
    const killed = await spawnBackOffice({
      rehearsalUrl: rehearsal.url,
      database: shared,
      options: { access: ACCESS, webhook: webhook() },
    });
    await ask(killed.url, "mallory", "hello");
    await receiver.untilReceived(1);
    await killed.kill();
    receiver.answer = (response) => response.writeHead(204).end();
    await openOffice({ database: shared, options: { now: () => Date.now() + 2 * MINUTE } });
    await receiver.untilReceived(2);
    const [first, second] = receiver.received;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.body).toBe(first?.body);
  });
});

test("break-glass: told when the link is used, with a link to where it is reviewed", async () => {
  const office = await openOffice({ options: { access: [] } });
  await new Person(office.url).signIn("rehearsal", "ada");
  const [ada] = await office.door.users.list();
  const { url } = await office.door.ownerLinks.create({ userId: ada?.id ?? "" }, "cli:root@host", "down");
  const token = url.href.slice(url.href.lastIndexOf("/") + 1);
  const browser = new Person(office.url);
  expect((await browser.post("/auth/owner-link", { token })).status).toBe(303);
  await receiver.untilReceived(1);
  expect(receiver.received[0]).toMatchObject({
    type: "break_glass.used",
    data: {
      userId: ada?.id,
      ownerLink: { createdBy: "cli:root@host", reason: "down" },
      reviewUrl: `${office.url}/auth/account`,
    },
  });
  expect(receiver.received[0]?.body).not.toContain(token);
});

test("an endpoint that never answers slows down neither a sign-in nor the end of the server", async () => {
  receiver.answer = () => {};
  const office = await openOffice();
  await ask(office.url, "mallory", "one");
  await receiver.untilReceived(1);
  const startedAt = performance.now();
  await ask(office.url, "bo", "two");
  await office.close();
  // It waits ten seconds for an answer, and one for the end.
  expect(performance.now() - startedAt).toBeLessThan(6_000);
});

test("postern webhooks: what was told, and a test that says what came back", async () => {
  const database = `file:${join(folder, "cli.db")}`;
  const office = await openOffice({ database });
  const config = writeConfig(folder, {
    database,
    rehearsalUrl: rehearsal.url,
    more: `webhook: ${JSON.stringify(webhook())},`,
  });
  const run = (...words: string[]) => runCommand(["webhooks", ...words, "--config", config]);
  await ask(office.url, "mallory", "a secret note");
  await receiver.untilReceived(1);
  // Closing waits until the answer has been written down.
  await office.close();
  const list = await run("list", "--json");
  expect(JSON.parse(list.stdout)).toMatchObject({
    endpoints: [{ host: new URL(receiver.url).host, stoppedAt: null }],
    items: [{ event: "access_request.created", state: "delivered", attempts: 1, lastStatus: 204 }],
  });
  expect(list.stdout).not.toContain("a secret note");
  expect((await run("list")).stdout).toContain("delivered");
  expect((await run("list", "--limit", "0")).code).toBe(2);

  expect(await run("test")).toMatchObject({ code: 0, stdout: expect.stringContaining("accepts: 204") });
  receiver.answer = (response) => response.writeHead(401).end();
  const refused = await run("test", "--json");
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ items: [{ kind: "failed", failure: "status_401" }] });
  expect(refused.stdout).not.toContain("/hook");
});

describe("the example in docs/webhooks.md", () => {
  type Verify = (headers: Headers, body: string, secret: string, now?: number) => boolean;
  async function example(): Promise<Verify> {
    const page = join(import.meta.dirname, "../../docs/webhooks.md");
    const block = codeBlocksOf("docs/webhooks.md", readFileSync(page, "utf8")).find(({ text }) =>
      text.includes("isFromPostern"),
    );
    const file = join(folder, "verify.mjs");
    writeFileSync(file, stripTypeScriptTypes(block?.text ?? ""));
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)).isFromPostern;
  }

  async function receiveOne(secret: string | readonly string[]): Promise<ReceivedMessage> {
    const office = await openOffice({ options: { webhook: { url: receiver.url, secret } } });
    await office.door.webhooks.test("job:test");
    const [message] = receiver.received;
    if (message === undefined) throw new Error("nothing was sent");
    return message;
  }

  test("knows what we sent, from every secret while they change hands, and nothing else", async () => {
    const isFromPostern = await example();
    const coded = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    const { headers, body } = await receiveOne([coded, SECRET]);
    const sent = (over: Record<string, string> = {}) =>
      new Headers(
        Object.entries({ ...headers, ...over }).filter(([name]) => name.startsWith("webhook-")) as [
          string,
          string,
        ][],
      );
    expect(isFromPostern(sent(), body, SECRET)).toBe(true);
    expect(isFromPostern(sent(), body, coded)).toBe(true);

    const other = "another-secret-for-tests-0123456789-abc";
    expect(isFromPostern(sent(), body, other)).toBe(false);
    expect(isFromPostern(sent(), `${body} `, SECRET)).toBe(false);
    expect(isFromPostern(sent({ "webhook-id": "whd_other" }), body, SECRET)).toBe(false);
    expect(isFromPostern(sent({ "webhook-signature": "" }), body, SECRET)).toBe(false);
    expect(isFromPostern(sent({ "webhook-signature": "v1,AAAA" }), body, SECRET)).toBe(false);
    const v2 = String(headers["webhook-signature"]).replaceAll("v1,", "v2,");
    expect(isFromPostern(sent({ "webhook-signature": v2 }), body, SECRET)).toBe(false);
    // Sent again later, or with a time that was changed.
    expect(isFromPostern(sent(), body, SECRET, Date.now() + 6 * MINUTE)).toBe(false);
    expect(isFromPostern(sent(), body, SECRET, Date.now() - 6 * MINUTE)).toBe(false);
    const later = String(Number(headers["webhook-timestamp"]) + 1);
    expect(isFromPostern(sent({ "webhook-timestamp": later }), body, SECRET)).toBe(false);
    expect(isFromPostern(sent({ "webhook-timestamp": "soon" }), body, SECRET)).toBe(false);
    expect(isFromPostern(new Headers(), body, SECRET)).toBe(false);
  });
});
