import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Person } from "../testing/person.ts";
import { createVerifier } from "../verify/index.ts";
import { startDemo } from "./start-demo.ts";

test("a page that is asked for while the demo starts is answered when it has started", async () => {
  const folder = mkdtempSync(join(tmpdir(), "postern-demo-"));
  const port = await freePort();
  const starting = startDemo({
    port,
    rehearsalPort: 0,
    env: {
      DATABASE_URL: `file:${join(folder, "demo.db")}`,
      POSTERN_SECRET: "a-secret-for-tests-0123456789-abcdefgh",
    },
  });
  const { status } = await firstAnswer(`http://localhost:${port}/auth/sign-in`);
  await (await starting).close();
  rmSync(folder, { recursive: true });
  expect(status).toBe(200);
});

test.each([undefined, "http://localhost:4999"])(
  "a front end at %s gets a token for demo-api",
  async (origin) => {
    const folder = mkdtempSync(join(tmpdir(), "postern-demo-"));
    const demo = await startDemo({
      port: await freePort(),
      rehearsalPort: 0,
      env: {
        DATABASE_URL: `file:${join(folder, "demo.db")}`,
        POSTERN_SECRET: "a-secret-for-tests-0123456789-abcdefgh",
        ...(origin !== undefined && { DEMO_ALLOWED_ORIGIN: origin }),
      },
    });
    try {
      const bo = new Person(demo.url);
      await bo.signIn("rehearsal", "bo");
      const ask = (from: string) =>
        bo.request("/auth/token", {
          api: true,
          method: "POST",
          body: '{"audience":"demo-api"}',
          headers: { "content-type": "application/json", origin: from, "sec-fetch-site": "same-site" },
        });
      const { token } = (await (await ask(origin ?? "http://localhost:4190")).json()) as { token: string };
      const verifier = createVerifier({ issuer: `${demo.url}/auth`, audience: "demo-api" });
      expect((await verifier.verify(token)).roles).toEqual(["member"]);
      expect((await ask("http://localhost:4191")).status).toBe(403);
    } finally {
      await demo.close();
      rmSync(folder, { recursive: true });
    }
  },
);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks until somebody listens. */
async function firstAnswer(url: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url);
    } catch (error) {
      const { cause } = error as Error;
      if (!(cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED")) throw error;
    }
  }
}
