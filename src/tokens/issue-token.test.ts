import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import { createRouter } from "../http/router.ts";

let office: TestRuntime;
afterEach(() => office.close());

/** Asks at the door, with the cookie of somebody who holds these roles. */
async function ask(...roles: readonly string[]) {
  const { cookie } = await office.signIn(...roles);
  const response = await createRouter(office.runtime)(
    new Request("https://admin.example.com/auth/token", {
      method: "POST",
      body: '{"audience":"orders-api"}',
      headers: { cookie, "content-type": "application/json" },
    }),
  );
  return { status: response?.status, body: await response?.json() };
}

test("somebody without a role gets none, though they are signed in", async () => {
  office = await openTestRuntime({ tokens: { audiences: ["orders-api"] } });
  expect(await ask()).toMatchObject({ status: 403, body: { code: "no_role" } });
  expect(await ask("member")).toMatchObject({
    status: 200,
    body: { token: expect.any(String), expiresAt: "2030-01-01T00:05:00.000Z" },
  });
});

test("the lifetime is the one that is set", async () => {
  office = await openTestRuntime({ tokens: { audiences: ["orders-api"], lifetime: 90_000 } });
  expect((await ask("member")).body).toMatchObject({ expiresAt: "2030-01-01T00:01:30.000Z" });
});
