import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError } from "../errors.ts";
import { pickPersona, type Rehearsal, startRehearsal } from "./index.ts";

let rehearsal: Rehearsal;

beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.close());

const authorize = (redirectUri: string, clientId = "demo") =>
  `${rehearsal.githubUrl}/login/oauth/authorize?${new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri })}`;

test.each([
  ["NODE_ENV", { env: { NODE_ENV: "production" } }],
  ["publicUrl", { publicUrl: "https://sso.example.com" }],
  ["publicUrl", { publicUrl: "http://localhost:4000/sso" }],
  ["publicUrl", { publicUrl: "localhost:4000" }],
  ["host", { host: "0.0.0.0" }],
])("it refuses to start because of %s in %o", async (path, options) => {
  const refusal = await startRehearsal(options).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ConfigError);
  expect((refusal as ConfigError).problems.map((problem) => problem.path)).toEqual([path]);
});

test("every reason is told at once", async () => {
  const start = startRehearsal({
    env: { NODE_ENV: "production" },
    publicUrl: "https://sso.example.com",
    host: "::",
  });
  await expect(start).rejects.toThrow(/3 problems/);
});

test("a port that is taken is an error, not a hang", async () => {
  await expect(startRehearsal({ port: rehearsal.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("the issuer is the address that people and programs use", async () => {
  expect(rehearsal.issuer).toBe(`http://localhost:${rehearsal.port}`);
  const metadata = await (await fetch(`${rehearsal.issuer}/.well-known/openid-configuration`)).json();
  expect(metadata).toMatchObject({ issuer: rehearsal.issuer, token_endpoint: `${rehearsal.issuer}/token` });
});

test("a public address of its own is announced and answered", async () => {
  const between = await startRehearsal({ publicUrl: "http://rehearsal.internal:4000/" });
  try {
    expect(between.issuer).toBe("http://rehearsal.internal:4000");
    expect(await statusWithHost(between.port, "rehearsal.internal:4000")).toBe(200);
  } finally {
    await between.close();
  }
});

test("a name that somebody else has pointed at this machine is not answered", async () => {
  expect(await statusWithHost(rehearsal.port, "evil.example:80")).toBe(421);
  expect(await statusWithHost(rehearsal.port, `127.0.0.1:${rehearsal.port}`)).toBe(200);
});

test("without a client list any client may come; with one only those, at their addresses", async () => {
  const registered = await startRehearsal({
    clients: [{ clientId: "known", clientSecret: "s3", redirectUris: ["http://app.internal/callback"] }],
  });
  try {
    const status = async (clientId: string, redirectUri: string) => {
      const url = authorize(redirectUri, clientId).replace(rehearsal.issuer, registered.issuer);
      return (await fetch(url)).status;
    };
    expect(await status("known", "http://app.internal/callback")).toBe(200);
    expect(await status("known", "http://app.internal/callback/")).toBe(400);
    expect(await status("known", "http://localhost/callback")).toBe(400);
    expect(await status("unknown", "http://app.internal/callback")).toBe(400);
    expect((await fetch(authorize("http://localhost/callback", "unknown"))).status).toBe(200);
  } finally {
    await registered.close();
  }
});

test("requests are counted by endpoint, and nothing else is", async () => {
  const before = { ...rehearsal.requests };
  await pickPersona(authorize("http://localhost/callback"), "ada");
  await fetch(`${rehearsal.issuer}/jwks`);
  await fetch(rehearsal.issuer);
  await fetch(`${rehearsal.issuer}/nowhere`);
  expect(rehearsal.requests).toEqual({
    ...before,
    "github.decide": before["github.decide"] + 1,
    jwks: before.jwks + 1,
  });
});

test("an answer waits for its delay hook", async () => {
  const order: string[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: reached, resolve: arrive } = Promise.withResolvers<void>();
  rehearsal.delay("jwks", () => {
    arrive();
    return gate;
  });
  const answered = fetch(`${rehearsal.issuer}/jwks`).then(() => order.push("answer"));
  await reached;
  order.push("gate");
  open();
  await answered;
  rehearsal.delay("jwks", null);
  expect(order).toEqual(["gate", "answer"]);
});

test("the delay option sees every endpoint", async () => {
  const seen: string[] = [];
  const delayed = await startRehearsal({ delay: (endpoint) => void seen.push(endpoint) });
  try {
    await fetch(`${delayed.issuer}/jwks`);
    await fetch(`${delayed.issuer}/.well-known/openid-configuration`);
    expect(seen).toEqual(["jwks", "discovery"]);
  } finally {
    await delayed.close();
  }
});

test("it stops at once, also while it owes an answer", async () => {
  const other = await startRehearsal();
  other.misbehave("never-answer", { endpoint: "jwks" });
  const { promise: reached, resolve: arrive } = Promise.withResolvers<void>();
  other.delay("jwks", () => arrive());
  const silent = fetch(`${other.issuer}/jwks`);
  const failure = expect(silent).rejects.toThrow("fetch failed");
  await reached;
  await other.close();
  await failure;
});

/** `fetch` would not let the Host header be chosen. */
async function statusWithHost(port: number, host: string): Promise<number> {
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET /jwks HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const [head] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return Number(head.toString().split(" ")[1]);
}
