import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import { SECRET } from "../../test/support/back-office.ts";
import { defineConfig } from "../define-config.ts";
import type {
  Caller,
  KeptProviderOf,
  PermissionOf,
  PosternOptions,
  Principal,
  PrincipalUser,
  RoleOf,
} from "../index.ts";
import type { createPostern } from "../postern.ts";
import type { ProviderDefinition } from "../providers/definition.ts";
import { github } from "../providers/github.ts";
import { google } from "../providers/google.ts";
import { oidc } from "../providers/oidc.ts";
import { postern as expressDoor } from "./express.ts";
import { postern as honoDoor, type PosternVariables } from "./hono.ts";
import { postern as nodeDoor } from "./node.ts";

const folder = mkdtempSync(join(tmpdir(), "postern-types-"));
const CORP = { issuer: "https://sso.example.com", clientId: "id", clientSecret: "secret" };
const config = defineConfig({
  publicUrl: "http://localhost:1",
  secret: SECRET,
  database: `file:${join(folder, "postern.db")}`,
  providers: [
    google({ clientId: "id.apps.googleusercontent.com", clientSecret: "secret" }),
    github({ clientId: "id", clientSecret: "secret", keepTokens: true }),
    oidc({ id: "corp", name: "Corp", ...CORP, keepTokens: true }),
  ],
  roles: { support: ["orders.read"], lead: ["orders.read", "orders.refund"] },
});
const untyped: PosternOptions = config;
const { roles: _, ...withoutRoles } = config;

const typed = {
  express: await expressDoor(config),
  hono: await honoDoor(config),
  node: await nodeDoor(config),
};
const withoutPermissions = await nodeDoor(withoutRoles);
const loose = {
  express: await expressDoor(untyped),
  hono: await honoDoor(untyped),
  node: await nodeDoor(untyped),
};

afterAll(async () => {
  for (const door of [...Object.values(typed), ...Object.values(loose), withoutPermissions])
    await door.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each line must be refused by the compiler, and by the door when the compiler was not asked. */
describe("a misspelt role or permission", () => {
  test("does not compile where the options are known, and throws at once with the name that was meant", () => {
    const role = expect.objectContaining({
      code: "unknown_role",
      message: expect.stringContaining('"lead"'),
    });
    // @ts-expect-error
    expect(() => typed.express.requireRole("leed")).toThrow(role);
    // @ts-expect-error
    expect(() => typed.hono.requireRole("admin", "leed")).toThrow(role);
    // @ts-expect-error
    expect(() => typed.node.requireRole("leed")).toThrow(role);

    const permission = expect.objectContaining({
      code: "unknown_permission",
      message: expect.stringContaining('"orders.refund"'),
    });
    // @ts-expect-error
    expect(() => typed.express.requirePermission("orders.refnd")).toThrow(permission);
    // @ts-expect-error
    expect(() => typed.hono.requirePermission("orders.refnd")).toThrow(permission);
    // @ts-expect-error
    expect(() => typed.node.requirePermission("orders.refnd")).toThrow(permission);
  });

  test("throws at once where they are not known", () => {
    for (const door of Object.values(loose)) {
      expect(() => door.requireRole("leed")).toThrow('Did you mean "lead"?');
      expect(() => door.requirePermission("orders.refnd")).toThrow('Did you mean "orders.refund"?');
    }
  });
});

test("a misspelt role is not given to anybody either", async () => {
  // @ts-expect-error
  await expect(typed.node.users.grant("usr_1", "leed", "job:test")).rejects.toThrow('Did you mean "lead"?');
});

test("freshness is a length of time, at the end, on every framework", () => {
  for (const door of Object.values(typed)) {
    expect(door.requireUser({ freshWithin: "10m" })).toBeTypeOf("function");
    expect(door.requireRole("admin", "lead", { freshWithin: "30s" })).toBeTypeOf("function");
    expect(door.requirePermission("orders.refund", { freshWithin: "1h" })).toBeTypeOf("function");
    // @ts-expect-error
    expect(() => door.requireUser({ freshWithin: "10 minutes" })).toThrow("30s, 10m or 1h");
    // @ts-expect-error
    expect(() => door.requireRole({ freshWithin: "10m" })).toThrow("one at least");
    // @ts-expect-error
    expect(() => door.requirePermission("orders.refund", { freshWihtin: "10m" })).toThrow("Did you mean");
  }
});

test("what lets machines pass is never typed as for people alone, also out of a variable", () => {
  const both = { freshWithin: "10m", apiKeys: true } as const;
  const perhaps: { readonly freshWithin: "10m"; readonly apiKeys: boolean } = both;
  const guard = typed.node.requirePermission("orders.read", both);
  expectTypeOf<Awaited<ReturnType<typeof guard>>>().toEqualTypeOf<Caller | null>();
  const people = typed.node.requirePermission("orders.read", { freshWithin: "10m" });
  expectTypeOf<Awaited<ReturnType<typeof people>>>().toEqualTypeOf<Principal | null>();
  for (const door of Object.values(typed)) {
    // @ts-expect-error
    expect(door.requirePermission("orders.read", perhaps)).toBeTypeOf("function");
  }
});

test("where no permission exists, none compiles", () => {
  expectTypeOf<PermissionOf<typeof withoutRoles>>().toBeNever();
  expectTypeOf<RoleOf<typeof withoutRoles>>().toEqualTypeOf<"owner" | "admin" | "auditor" | "member">();
  expectTypeOf<PermissionOf<PosternOptions>>().toBeString();
  // @ts-expect-error
  expect(() => withoutPermissions.requirePermission("orders.read")).toThrow(
    expect.objectContaining({ code: "unknown_permission", message: expect.stringContaining("none") }),
  );
});

test("what is known compiles: the roles of the options, and the built-in ones", () => {
  for (const door of Object.values(typed)) {
    expect(door.requireRole("lead", "support", "owner", "admin", "auditor", "member")).toBeTypeOf("function");
    expect(door.requirePermission("orders.refund")).toBeTypeOf("function");
  }
});

test("handlers behind a guard have a user", () => {
  expectTypeOf<Express.Request["user"]>().toEqualTypeOf<PrincipalUser>();
  expectTypeOf<PosternVariables["user"]>().toEqualTypeOf<PrincipalUser>();
  expectTypeOf<Awaited<ReturnType<ReturnType<typeof typed.node.requireUser>>>>().toExtend<{
    readonly user: PrincipalUser;
  } | null>();
});

test("where permissions are registered, roles can name only those, and all of them can be asked for", () => {
  const parts = { providers: config.providers };
  const permissions = { "orders.read": {}, "orders.refund": { title: "Refund", dangerous: true } };
  const registered = defineConfig({ ...parts, permissions, roles: { support: ["orders.read"] } });
  expectTypeOf<PermissionOf<typeof registered>>().toEqualTypeOf<"orders.read" | "orders.refund">();
  expectTypeOf<RoleOf<typeof registered>>().toExtend<string>();
  // @ts-expect-error
  defineConfig({ ...parts, permissions, roles: { support: ["orders.raed"] } });
  expectTypeOf(defineConfig({ ...parts, roles: { support: ["orders.raed"] } })).toExtend<PosternOptions>();
});

/** Each line that is marked must be refused by the compiler, and by the door when the compiler was not asked. */
describe("a provider whose API is called", () => {
  const ada = { id: "usr_1" };

  test("is one whose tokens are kept, on every framework", async () => {
    for (const door of [typed.express, typed.node]) {
      expect(door.api(ada, "github").get).toBeTypeOf("function");
      await expect(door.accessToken(ada, "corp")).rejects.toMatchObject({ code: "token_gone" });
    }
    expect(typed.hono.api(ada, "github").get).toBeTypeOf("function");
    // @ts-expect-error
    expect(() => typed.express.api(ada, "githbu")).toThrow("There is no provider");
    // @ts-expect-error
    expect(() => typed.hono.api(ada, "google")).toThrow("keepTokens: is not set");
    // @ts-expect-error
    await expect(typed.node.accessToken(ada, "google")).rejects.toThrow("keepTokens: is not set");
    // @ts-expect-error
    await expect(typed.hono.accessToken(ada, "gitlab")).rejects.toMatchObject({ code: "unknown_provider" });
  });

  test("is any text where the options are not known", () => {
    for (const door of [loose.express, loose.node])
      expect(() => door.api(ada, "githbu")).toThrow("There is no provider");
    expectTypeOf<KeptProviderOf<PosternOptions>>().toBeString();
  });

  test("is known to the core too, by the id that was chosen or the usual one", () => {
    expectTypeOf<KeptProviderOf<typeof config>>().toEqualTypeOf<"github" | "corp">();
    type Core = Awaited<ReturnType<typeof createPostern<typeof config>>>;
    expectTypeOf<Parameters<Core["api"]>[1]>().toEqualTypeOf<"github" | "corp">();
    const client = { clientId: "id", clientSecret: "secret" };
    const chosen = [
      github({ ...client, id: "ghe", keepTokens: true }),
      google({ ...client, keepTokens: config.publicUrl.length > 0 }),
      oidc({ ...CORP, id: "plain", name: "Plain" }),
      { ...google({ ...client, keepTokens: true }), id: "mine" },
    ] as const;
    type Ids = KeptProviderOf<{ readonly providers: typeof chosen }>;
    expectTypeOf<Ids>().toEqualTypeOf<"ghe" | "google" | "mine">();
    expectTypeOf<KeptProviderOf<{ readonly providers: readonly [(typeof chosen)[2]] }>>().toBeNever();
    expectTypeOf<KeptProviderOf<{ readonly providers: ProviderDefinition[] }>>().toBeString();
  });

  test("is written with the options that it has", () => {
    const client = { clientId: "id", clientSecret: "secret" };
    // @ts-expect-error
    expect(google({ ...client, hostedDomian: "a.example" }).problems()).not.toEqual([]);
    // @ts-expect-error
    expect(github({ ...client, keepTokens: "yes" }).id).toBe("github");
  });
});
