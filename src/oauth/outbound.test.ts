import { createServer, type ServerResponse } from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  recordingLog,
  type ScriptedProvider,
  startScriptedProvider,
} from "../../test/support/scripted-provider.ts";
import type { Lookup } from "./guarded-lookup.ts";
import { createOutbound, type Outbound, type OutboundInit, type OutboundOptions } from "./outbound.ts";
import { USER_AGENT } from "./user-agent.ts";

let provider: ScriptedProvider;
const opened: { close(): unknown }[] = [];

beforeEach(async () => {
  provider = await startScriptedProvider();
  opened.push(provider);
});

afterEach(async () => {
  for (const part of opened.splice(0).reverse()) await part.close();
});

function outboundTo(hosts: readonly string[], options: Partial<OutboundOptions> = {}): Outbound {
  const outbound = createOutbound({
    allowedHosts: new Set(hosts),
    now: () => 0,
    log: recordingLog(),
    timeouts: { retry: 1 },
    ...options,
  });
  opened.push(outbound);
  return outbound;
}

async function tcpServer(onSocket: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("an ordinary exchange", () => {
  test("carries the request over one kept connection and hands on status, type and body", async () => {
    const outbound = outboundTo([provider.host]);
    provider.on("/echo", ({ body }, response) => {
      response
        .writeHead(201, { "content-type": "application/json", "set-cookie": "a=b" })
        .end(JSON.stringify(body));
    });
    const body = new URLSearchParams({ code: "a b&c" });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const first = await outbound.fetch(`${provider.url}/echo`, {
      method: "POST",
      headers,
      body,
      maxBytes: 100,
    });
    expect(first.status).toBe(201);
    expect(first.headers.get("content-type")).toBe("application/json");
    expect(first.headers.get("set-cookie")).toBeNull();
    expect(await first.json()).toBe("code=a+b%26c");
    await outbound.fetch(`${provider.url}/echo`, { maxBytes: 100 });

    const [request, second] = provider.requests;
    expect(request?.headers).toMatchObject({
      "user-agent": USER_AGENT,
      "accept-encoding": "identity",
      "content-length": "12",
      connection: "keep-alive",
    });
    expect(second?.headers.cookie).toBeUndefined();
  });

  test("a connection that has idled too long is not taken, although the timers of a busy process are late", async () => {
    const ports: (number | undefined)[] = [];
    const server = createServer(({ socket }, response) => {
      ports.push(socket.remotePort);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    opened.push({ close: () => server.close() });
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const askTwice = async (idle: number, stall: number) => {
      const outbound = outboundTo([host], { timeouts: { idle } });
      await outbound.fetch(`http://${host}/`, { maxBytes: 0 });
      await setImmediate();
      // Nothing else gets its turn meanwhile, and so no timer does.
      const end = performance.now() + stall;
      while (performance.now() < end);
      await outbound.fetch(`http://${host}/`, { maxBytes: 0 });
      return new Set(ports.splice(0)).size;
    };
    expect(await askTwice(60_000, 0)).toBe(1);
    expect(await askTwice(50, 100)).toBe(2);
  });

  test("an answer without a body is no error", async () => {
    provider.on("/nothing", (_request, response) => void response.writeHead(204).end());
    const response = await outboundTo([provider.host]).fetch(`${provider.url}/nothing`, { maxBytes: 0 });
    expect(response.status).toBe(204);
  });

  test("a proxy in the environment is not used", async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      HTTP_PROXY: "http://127.0.0.1:1",
      http_proxy: "http://127.0.0.1:1",
      NODE_USE_ENV_PROXY: "1",
    });
    try {
      provider.json("/ok", {});
      const response = await outboundTo([provider.host]).fetch(`${provider.url}/ok`, { maxBytes: 10 });
      expect(response.status).toBe(200);
    } finally {
      process.env = before;
    }
  });
});

/** What a provider can do wrong with an answer, and what it is called. */
const FAULTS: readonly [string, (response: ServerResponse) => void, string, string][] = [
  ["never answers", () => {}, "provider_unavailable", "timeout"],
  [
    "drips its body",
    drip((response) => response.writeHead(200, { "content-type": "application/json" })),
    "provider_unavailable",
    "timeout",
  ],
  ["hangs up", (response) => response.destroy(), "provider_unavailable", "connection_failed"],
  [
    "hangs up in the middle",
    (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    },
    "provider_unavailable",
    "connection_failed",
  ],
  [
    "says that it has too much",
    (response) => void response.writeHead(200, { "content-length": "1001" }).end(" ".repeat(1001)),
    "provider_untrusted",
    "response_too_large",
  ],
  ["sends without end", flood, "provider_untrusted", "response_too_large"],
  [
    "compresses",
    (response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("{}")),
    "provider_untrusted",
    "encoding_refused",
  ],
  [
    "compresses twice",
    (response) => void response.writeHead(200, { "content-encoding": "br, gzip" }).end("{}"),
    "provider_untrusted",
    "encoding_refused",
  ],
  [
    "sends huge headers",
    (response) => void response.writeHead(200, { "x-long": "x".repeat(20_000) }).end("{}"),
    "provider_untrusted",
    "response_malformed",
  ],
];

test.each(FAULTS)("a provider that %s", async (_name, misbehave, code, reason) => {
  provider.on("/fault", (_request, response) => misbehave(response));
  const impatient = reason === "timeout" ? { timeouts: { exchange: 100 } } : {};
  const exchange = outboundTo([provider.host], impatient).fetch(`${provider.url}/fault?token=canary`, {
    maxBytes: 1000,
    endpoint: "token",
    body: "canary",
    method: "POST",
  });
  const error = await exchange.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code, reason, detail: { host: provider.host, endpoint: "token" } });
  expect(JSON.stringify(error) + String(error)).not.toContain("canary");
});

function drip(begin: (response: ServerResponse) => ServerResponse): (response: ServerResponse) => void {
  return (response) => {
    begin(response);
    const timer = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(timer));
  };
}

function flood(response: ServerResponse): void {
  response.writeHead(200);
  const more = () => {
    while (!response.destroyed && response.write("x".repeat(10_000)));
    response.once("drain", more);
  };
  more();
}

test.each([300, 301, 302, 303, 304, 307, 308])("a redirect with %s is not followed", async (status) => {
  provider.on(
    "/moved",
    (_request, response) => void response.writeHead(status, { location: `${provider.url}/there` }).end(),
  );
  const exchange = outboundTo([provider.host]).fetch(`${provider.url}/moved`, { maxBytes: 10 });
  await expect(exchange).rejects.toMatchObject({
    code: "provider_untrusted",
    reason: "redirect_refused",
    detail: { status },
  });
  expect(provider.count("/there")).toBe(0);
});

test.each([
  ["is no HTTP at all", "SSH-2.0-OpenSSH_9.9\r\n"],
  ["is HTTP/0.9", "<html>"],
  ["splits its headers", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"],
  ["has two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
])("an answer that %s", async (_name, bytes) => {
  const host = await tcpServer((socket) => socket.once("data", () => socket.end(bytes)));
  const exchange = outboundTo([host]).fetch(`http://${host}/`, { maxBytes: 100 });
  await expect(exchange).rejects.toMatchObject({ code: "provider_untrusted", reason: "response_malformed" });
});

test("a connection that is refused", async () => {
  const url = provider.url;
  await provider.close();
  const exchange = outboundTo([provider.host]).fetch(`${url}/`, { maxBytes: 100 });
  await expect(exchange).rejects.toMatchObject({
    code: "provider_unavailable",
    reason: "connection_refused",
  });
});

test("a handshake that stalls is cut by the connect budget", async () => {
  const host = await tcpServer(() => {});
  const outbound = outboundTo([host], { timeouts: { connect: 50, exchange: 10_000 } });
  const exchange = outbound.fetch(`https://${host}/`, { maxBytes: 100 });
  await expect(exchange).rejects.toMatchObject({ code: "provider_unavailable", reason: "connect_timeout" });
});

test("name resolution counts against the connect budget", async () => {
  const outbound = outboundTo([], { lookup: (): void => {}, timeouts: { connect: 50, exchange: 10_000 } });
  const exchange = outbound.fetch("https://sso.example.com/", { maxBytes: 100 });
  await expect(exchange).rejects.toMatchObject({ code: "provider_unavailable", reason: "connect_timeout" });
});

describe("a certificate nobody vouches for", () => {
  test.each(["0", undefined])("is refused, NODE_TLS_REJECT_UNAUTHORIZED = %s", async (setting) => {
    const server = https.createServer(SELF_SIGNED, (_request, response) => response.end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    opened.push({ close: () => server.close() });
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    if (setting !== undefined) process.env.NODE_TLS_REJECT_UNAUTHORIZED = setting;
    try {
      const exchange = outboundTo([host]).fetch(`https://${host}/`, { maxBytes: 100 });
      await expect(exchange).rejects.toMatchObject({ code: "provider_untrusted", reason: "tls_failed" });
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
  });
});

describe("addresses", () => {
  const answering = (...addresses: string[]): Lookup => {
    return (_hostname, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: net.isIP(address) })),
      );
  };

  test.each([
    "http://sso.example.com/",
    "http://10.0.0.1/",
    "http://localhost.example.com/",
    "https://user@sso.example.com/",
    "https://user:pass@sso.example.com/",
    "ftp://sso.example.com/",
    "file:///etc/passwd",
    "data:application/json,{}",
    "sso.example.com",
  ])("%s is no address to call", async (url) => {
    await expect(outboundTo([]).fetch(url, { maxBytes: 1 })).rejects.toMatchObject({
      reason: "insecure_url",
    });
  });

  test.each([
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[fd00:ec2::254]/",
    "https://2130706433/",
    "https://0x7f.1/",
    "http://127.0.0.1/",
    "http://[::1]/",
  ])("%s is blocked", async (url) => {
    const exchange = outboundTo([]).fetch(url, { maxBytes: 1 });
    await expect(exchange).rejects.toMatchObject({ code: "provider_untrusted", reason: "ssrf_blocked" });
  });

  test.each([
    ["private", ["192.168.1.1"]],
    ["this machine", ["127.0.0.1"]],
    ["this machine in IPv6", ["::1"]],
    ["public and private together", ["8.8.8.8", "10.0.0.1"]],
    ["IPv4 within IPv6", ["::ffff:169.254.169.254"]],
  ])("a name that turns out to be %s is blocked", async (_name, addresses) => {
    const outbound = outboundTo([], { lookup: answering(...addresses) });
    const exchange = outbound.fetch("https://sso.example.com/", { maxBytes: 1 });
    await expect(exchange).rejects.toMatchObject({ code: "provider_untrusted", reason: "ssrf_blocked" });
  });

  test("nothing reaches a blocked address", async () => {
    const port = provider.host.split(":")[1];
    const outbound = outboundTo([], { lookup: answering("127.0.0.1") });
    await expect(outbound.fetch(provider.url, { maxBytes: 1 })).rejects.toMatchObject({
      reason: "ssrf_blocked",
    });
    await expect(outbound.fetch(`http://localhost:${port}/`, { maxBytes: 1 })).rejects.toMatchObject({
      reason: "ssrf_blocked",
    });
    await expect(outbound.fetch(`https://sso.example.com:${port}/`, { maxBytes: 1 })).rejects.toMatchObject({
      reason: "ssrf_blocked",
    });
    expect(provider.requests).toHaveLength(0);
  });

  test("a host that the operator named may be private, with its port or with any", async () => {
    provider.json("/ok", {});
    for (const named of [provider.host, "127.0.0.1"]) {
      const response = await outboundTo([named]).fetch(`${provider.url}/ok`, { maxBytes: 10 });
      expect(response.status).toBe(200);
    }
  });

  test("naming one port does not open another", async () => {
    const exchange = outboundTo(["127.0.0.1:1"]).fetch(`${provider.url}/ok`, { maxBytes: 10 });
    await expect(exchange).rejects.toMatchObject({ reason: "ssrf_blocked" });
  });

  test("plain http to a named host still ends on this machine", async () => {
    const outbound = outboundTo(["localhost"], { lookup: answering("192.168.1.1") });
    await expect(outbound.fetch("http://localhost/", { maxBytes: 1 })).rejects.toMatchObject({
      reason: "ssrf_blocked",
    });
  });

  test("a name without an address", async () => {
    const failing: Lookup = (_hostname, _options, callback) =>
      callback(Object.assign(new Error("getaddrinfo ENOTFOUND sso.example.com"), { code: "ENOTFOUND" }), []);
    const exchange = outboundTo([], { lookup: failing }).fetch("https://sso.example.com/", { maxBytes: 1 });
    await expect(exchange).rejects.toMatchObject({ code: "provider_unavailable", reason: "dns_failed" });
  });
});

describe("a second try", () => {
  test("is made once for an idempotent call", async () => {
    let calls = 0;
    provider.on("/flaky", (_request, response) => {
      calls += 1;
      response.writeHead(calls === 1 ? 503 : 200).end();
    });
    const response = await outboundTo([provider.host]).fetch(`${provider.url}/flaky`, {
      maxBytes: 1,
      idempotent: true,
    });
    expect(response.status).toBe(200);
    expect(calls).toBe(2);
  });

  test("a provider that stays down gets no third", async () => {
    provider.json("/down", {}, 500);
    const response = await outboundTo([provider.host]).fetch(`${provider.url}/down`, {
      maxBytes: 10,
      idempotent: true,
    });
    expect(response.status).toBe(500);
    expect(provider.count("/down")).toBe(2);
  });

  const NOT_REPEATED: readonly [string, Partial<OutboundInit>, (response: ServerResponse) => void][] = [
    ["another call", { method: "POST", body: "code=1" }, (response) => response.destroy()],
    ["one that took the whole budget", { idempotent: true }, () => {}],
    ["one that was answered in vain", { idempotent: true }, (response) => response.writeHead(302).end()],
  ];

  test.each(NOT_REPEATED)("is not made for %s", async (_name, init, misbehave) => {
    provider.on("/once", (_request, response) => misbehave(response));
    const outbound = outboundTo([provider.host], { timeouts: { exchange: 500 } });
    const exchange = outbound.fetch(`${provider.url}/once`, { ...init, maxBytes: 1 });
    await expect(exchange).rejects.toThrow();
    expect(provider.count("/once")).toBe(1);
  });
});

describe("a provider that is down", () => {
  test.each([500, 503, 429])("is left alone after five answers with %s", async (status) => {
    provider.json("/down", {}, status);
    const outbound = outboundTo([provider.host]);
    for (let call = 0; call < 5; call += 1) await outbound.fetch(`${provider.url}/down`, { maxBytes: 10 });
    const sixth = outbound.fetch(`${provider.url}/other`, { maxBytes: 10, endpoint: "jwks" });
    await expect(sixth).rejects.toMatchObject({
      code: "provider_unavailable",
      reason: "circuit_open",
      detail: { host: provider.host, endpoint: "jwks" },
    });
    expect(provider.requests).toHaveLength(5);
  });

  test("refusals do not count", async () => {
    provider.json("/refused", {}, 400);
    const outbound = outboundTo([provider.host]);
    for (let call = 0; call < 8; call += 1) {
      expect((await outbound.fetch(`${provider.url}/refused`, { maxBytes: 10 })).status).toBe(400);
    }
  });
});

describe("calls of a circuit of their own", () => {
  test("leave the connections of others alone, however slow their host is", async () => {
    const held: ServerResponse[] = [];
    provider.on("/slow", (_request, response) => void held.push(response));
    provider.json("/token", {});
    const outbound = outboundTo([provider.host], { timeouts: { exchange: 5_000 } });
    // As many as there are connections to a host.
    const calls = Array.from({ length: 50 }, () =>
      outbound.fetch(`${provider.url}/slow`, { maxBytes: 1, circuit: "api" }),
    );
    const { status } = await outbound.fetch(`${provider.url}/token`, { maxBytes: 10 });
    expect(status).toBe(200);
    await expect.poll(() => held.length).toBe(calls.length);
    for (const response of held) response.end();
    await Promise.all(calls);
  });

  /** One that its caller ends as soon as the host has it. */
  const endedCall = (outbound: Outbound) => {
    const ending = new AbortController();
    provider.on("/ended", () => ending.abort());
    return outbound.fetch(`${provider.url}/ended`, { maxBytes: 1, signal: ending.signal });
  };

  test("say nothing of a host when they are ended by their caller: neither that it works nor that it does not", async () => {
    provider.json("/down", {}, 500);
    const outbound = outboundTo([provider.host]);
    const fail = () => outbound.fetch(`${provider.url}/down`, { maxBytes: 10 });
    for (let call = 0; call < 4; call += 1) await fail();
    for (let call = 0; call < 2; call += 1)
      await expect(endedCall(outbound)).rejects.toMatchObject({ reason: "aborted" });
    await fail();
    await expect(fail()).rejects.toMatchObject({ reason: "circuit_open" });
  });

  test("that were to find out whether a host is back, and are ended, leave it to the next ten seconds later", async () => {
    let now = 0;
    provider.json("/down", {}, 500);
    provider.json("/up", {});
    const outbound = outboundTo([provider.host], { now: () => now });
    const ask = (path: string) => outbound.fetch(`${provider.url}${path}`, { maxBytes: 10 });
    for (let call = 0; call < 5; call += 1) await ask("/down");
    now += 10_000;
    await expect(endedCall(outbound)).rejects.toMatchObject({ reason: "aborted" });
    await expect(ask("/up")).rejects.toMatchObject({ reason: "circuit_open" });
    now += 10_000;
    expect((await ask("/up")).status).toBe(200);
    expect((await ask("/up")).status).toBe(200);
  });
});

/** For localhost, by nobody: no authority knows it. */
const SELF_SIGNED = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVNze2nDvSSXDHJuH
HF/KFdYGniocx94o0iOfVyQ7OXqhRANCAARArD0qTczo7tBSFU96G9qCz0QTJ9yr
lgpqZyXmUnFTq9hwQmnGb2/ilHw7vEcBkVz/5S6Q6mCck1p+dNKEdJKD
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUJPx/WrbHfPn+TWe/dapNHuISSzMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzE3MjA1MVoYDzIxMjYxMDMw
MTcyMDUxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARArD0qTczo7tBSFU96G9qCz0QTJ9yrlgpqZyXmUnFTq9hwQmnGb2/i
lHw7vEcBkVz/5S6Q6mCck1p+dNKEdJKDo1MwUTAdBgNVHQ4EFgQUb4qJlcE5eSve
XmjAEvLToIGgHP8wHwYDVR0jBBgwFoAUb4qJlcE5eSveXmjAEvLToIGgHP8wDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAuL5Z3Kae/IkIJvKOoOJP
BQu+EqRG4vg4JwOcZsWelnICIE1D0Z0vD58p2VAY0AIEjQM+VZXjci21bPAZ1c0t
iAWD
-----END CERTIFICATE-----`,
};
