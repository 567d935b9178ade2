import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Rehearsal, startRehearsal } from "./index.ts";

let rehearsal: Rehearsal;

beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterEach(() => rehearsal.behave());
afterAll(() => rehearsal.close());

const jwksStatus = async () => (await fetch(`${rehearsal.issuer}/jwks`)).status;

function control(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return fetch(`${rehearsal.issuer}/rehearsal/${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

async function readState(response: Promise<Response>) {
  return (await response).json() as Promise<{ keys: string[]; requests: { jwks: number } }>;
}

test("misbehaviour is switched on and off over HTTP", async () => {
  const on = await control("POST", "misbehave", { mode: "status-500", endpoint: "jwks", times: 5 });
  expect(await on.json()).toMatchObject({
    misbehaviours: [{ mode: "status-500", endpoints: ["jwks"], timesLeft: 5, milliseconds: null }],
  });
  expect(await jwksStatus()).toBe(500);
  const off = await control("DELETE", "misbehave");
  expect(await off.json()).toMatchObject({ misbehaviours: [] });
  expect(await jwksStatus()).toBe(200);
});

test.each([
  [{ mode: "no-such-mode" }],
  [{ mode: "status-500", times: 0 }],
  [{ mode: "status-500", endpoint: "nowhere" }],
  [{ mode: "expired", endpoint: "jwks" }],
  [{ mode: "status-500", surprise: true }],
  [null],
])("%o is refused and changes nothing", async (body) => {
  const response = await control("POST", "misbehave", body);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: expect.any(String) });
  expect(await (await control("GET", "state")).json()).toMatchObject({ misbehaviours: [] });
});

test("keys rotate over HTTP, and the state tells keys and counters", async () => {
  const before = await readState(control("GET", "state"));
  const after = await readState(control("POST", "rotate-keys"));
  expect(after.keys).toHaveLength(2);
  expect(after.keys[1]).toBe(before.keys[0]);
  await jwksStatus();
  const counted = await readState(control("GET", "state"));
  expect(counted.requests.jwks).toBe(before.requests.jwks + 1);
});

test("a page of another origin cannot touch the controls", async () => {
  const headers = { origin: "http://evil.example" };
  const response = await control("POST", "misbehave", { mode: "status-500", endpoint: "jwks" }, headers);
  expect(response.status).toBe(403);
  expect(response.headers.get("access-control-allow-origin")).toBeNull();
  expect(await jwksStatus()).toBe(200);
});

test("a wrong method is told the right ones", async () => {
  const response = await control("PUT", "misbehave", {});
  expect([response.status, response.headers.get("allow")]).toEqual([405, "POST, DELETE"]);
});
