import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { github } from "../../src/providers/github.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { Person } from "../../src/testing/person.ts";
import { expectRefused, observe, openStage } from "../attacks/stage.ts";
import { expectNoCanary, expectSafeFailure, openFaultStage, signInWhile } from "./fault-stage.ts";

const CLIENT = { clientId: "back-office", clientSecret: "rehearsal-secret" };
const CANARIES = { "the client secret": CLIENT.clientSecret, "the code": "canary-code" };

test.each(["rehearsal", "github"])("%s ends between the redirect and the callback", async (provider) => {
  const stage = await openFaultStage();
  try {
    const outcome = await signInWhile(stage, provider, {
      at: "callback",
      breakIt: () => stage.endProvider(),
    });
    await expectSafeFailure(outcome, { code: "provider_unavailable", cause: "connection_refused" });
  } finally {
    await stage.close();
  }
});

/** A sign-in at a provider of the GitHub kind that stands at `baseUrl`; with a code that nobody gave out. */
async function signInAt(baseUrl: string) {
  const stage = await openStage({
    options: { owners: [] },
    providers: () => [github({ baseUrl, ...CLIENT })],
  });
  try {
    const person = new Person(stage.office.url);
    const state = (await person.start("github")).searchParams.get("state") ?? "";
    const query = new URLSearchParams({ code: "canary-code", state });
    const seen = await observe(stage, () => person.request(`/auth/callback/github?${query}`));
    expectNoCanary({ office: stage.office, seen }, { ...CANARIES, "the state": state });
    expect(await person.session()).toBeNull();
    return seen;
  } finally {
    await stage.close();
  }
}

test("a name that does not resolve", async () => {
  expectRefused(await signInAt("https://provider.invalid"), {
    code: "provider_unavailable",
    cause: /^(dns_failed|connect_timeout)$/,
  });
});

test("… already when discovery asks for it: the start says so, and the sign-in page still stands", async () => {
  const issuer = "https://provider.invalid";
  const stage = await openStage({
    options: { owners: [] },
    providers: () => [oidc({ id: "corp", name: "Corp", issuer, ...CLIENT })],
  });
  try {
    const person = new Person(stage.office.url);
    const seen = await observe(stage, () => person.post("/auth/sign-in/corp", { return_to: "/orders" }));
    expectRefused(seen, { code: "provider_unavailable", cause: /^(dns_failed|connect_timeout)$/ });
    // The way back is kept for the next try.
    expect(seen.body).toContain('value="/orders"');
    expect((await person.request("/auth/sign-in")).status).toBe(200);
    expect((await person.request("/auth/health/ready")).status).toBe(200);
  } finally {
    await stage.close();
  }
});

/** A server that treats every connection in its own way. */
async function withServer<T>(greet: (socket: Socket) => void, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => greet(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await work(`http://localhost:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

const OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

describe("a token endpoint that", () => {
  test.each([
    ["hangs up at once", "", "provider_unavailable", "connection_failed"],
    ["hangs up in the middle of the head", OK, "provider_unavailable", "connection_failed"],
    [
      "hangs up in the middle of the body",
      `${OK}Content-Length: 100\r\n\r\n{"a`,
      "provider_unavailable",
      "connection_failed",
    ],
    ["speaks no HTTP", "220 mail.example ESMTP\r\n", "provider_untrusted", "response_malformed"],
    [
      "says two lengths",
      `${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      "provider_untrusted",
      "response_malformed",
    ],
    [
      "compresses",
      `${OK}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`,
      "provider_untrusted",
      "encoding_refused",
    ],
    ["has nothing to say", "HTTP/1.1 204 No Content\r\n\r\n", "provider_untrusted", "unexpected_status"],
    [
      "is asked too often",
      "HTTP/1.1 429 No\r\nRetry-After: -1\r\nContent-Length: 0\r\n\r\n",
      "provider_unavailable",
      "rate_limited",
    ],
    [
      "sends on with 307",
      "HTTP/1.1 307 No\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
      "provider_untrusted",
      "redirect_refused",
    ],
  ] as const)("%s", async (_, answer, code, cause) => {
    const seen = await withServer((socket) => socket.end(answer), signInAt);
    expectRefused(seen, { code, cause });
  });
});
