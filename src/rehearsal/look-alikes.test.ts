import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOutbound, type Outbound } from "../oauth/outbound.ts";
import { alipay } from "../providers/alipay.ts";
import { apple } from "../providers/apple.ts";
import { connect } from "../providers/connect.ts";
import type { ProviderDefinition } from "../providers/definition.ts";
import { dingtalk } from "../providers/dingtalk.ts";
import { feishu } from "../providers/feishu.ts";
import { gitee } from "../providers/gitee.ts";
import { github } from "../providers/github.ts";
import { google } from "../providers/google.ts";
import { keycloak } from "../providers/keycloak.ts";
import { microsoft } from "../providers/microsoft.ts";
import type { FinishResult, Provider } from "../providers/provider.ts";
import { qq } from "../providers/qq.ts";
import { wechat } from "../providers/wechat.ts";
import { wecom } from "../providers/wecom.ts";
import { xOauth1 } from "../providers/x-oauth1.ts";
import {
  COMPANIES,
  type PickOptions,
  pickPersona,
  pickPersonaByPost,
  REHEARSAL_SECRET,
  type Rehearsal,
  startRehearsal,
} from "./index.ts";
import { groupIdOf } from "./tenants/group-claims.ts";

let rehearsal: Rehearsal;
let outbound: Outbound;
let ecKey: string;
let rsaKey: string;

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

beforeAll(async () => {
  rehearsal = await startRehearsal();
  ecKey = (await rehearsal.applicationKeys.ec()).privateKey;
  rsaKey = (await rehearsal.applicationKeys.rsa()).privateKey;
  const allowedHosts = new Set([new URL(rehearsal.issuer).host]);
  outbound = createOutbound({ allowedHosts, now: Date.now, log });
});
afterAll(async () => {
  await outbound.close();
  await rehearsal.close();
});

const START = {
  redirectUri: "http://localhost:5999/auth/callback/x",
  state: "S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP",
  nonce: "n0Kf3vB9sT6uY2hQ",
  codeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
};

interface LookAlikeCase {
  readonly define: () => ProviderDefinition;
  /** What is known of Ada. */
  readonly ada: { readonly email: string | null; readonly emailVerified: boolean | null };
  /** A membership check, what a rule wants, and who has it: Ada and Bo, in this order. */
  readonly membership?: readonly (readonly [check: string, wanted: string, ada: string, bo: string])[];
  /** Cancelling leads nobody back. */
  readonly staysAfterCancel?: true;
}

const client = (clientId = "demo-app") => ({ clientId, clientSecret: REHEARSAL_SECRET });
const VERIFIED = { email: "ada@demo.example", emailVerified: true };
const NO_EMAIL = { email: null, emailVerified: null };

const CASES: Readonly<Record<string, LookAlikeCase>> = {
  github: {
    define: () => github({ ...client(), baseUrl: rehearsal.lookAlikes.github }),
    ada: VERIFIED,
    membership: [
      ["team", "acme/ops", "yes", "no"],
      ["organization", "acme", "yes", "yes"],
    ],
  },
  "no-second-refresh": {
    // This preset has no address to choose: its data are pointed here by hand.
    define: () => {
      const issuer = rehearsal.lookAlikes["no-second-refresh"];
      return { ...google({ ...client(), hostedDomain: "demo.example" }), issuer, idTokenIssuers: [issuer] };
    },
    ada: VERIFIED,
    membership: [["hostedDomain", "demo.example", "yes", "yes"]],
  },
  tenants: {
    define: () =>
      microsoft({
        ...client(),
        tenant: "organizations",
        allowedTenants: [COMPANIES.demo.tenantId],
        baseUrl: rehearsal.lookAlikes.tenants,
        graphUrl: `${rehearsal.lookAlikes.tenants}/graph`,
        resolveGroups: true,
      }),
    ada: { email: "ada@demo.example", emailVerified: null },
    membership: [["group", groupIdOf("acme/ops"), "yes", "no"]],
  },
  realms: {
    define: () => keycloak({ ...client(), baseUrl: rehearsal.lookAlikes.realms, realm: "staff" }),
    ada: VERIFIED,
    membership: [["group", "acme/ops", "yes", "no"]],
  },
  "form-post": {
    define: () =>
      apple({
        clientId: "com.example.web",
        teamId: "TEAM123456",
        keyId: "KEY1234567",
        privateKey: ecKey,
        baseUrl: rehearsal.lookAlikes["form-post"],
      }),
    ada: VERIFIED,
  },
  envelope: {
    define: () => feishu({ ...client("cli_demo"), baseUrl: rehearsal.lookAlikes.envelope }),
    ada: NO_EMAIL,
    membership: [
      ["tenant", COMPANIES.demo.tenantKey, "yes", "yes"],
      ["department", "od-2", "yes", "no"],
      ["group", "g-acme-ops", "yes", "no"],
    ],
  },
  "camel-json": {
    define: () =>
      dingtalk({
        ...client("dingdemo"),
        corpId: COMPANIES.demo.corpId,
        baseUrl: rehearsal.lookAlikes["camel-json"],
      }),
    ada: { email: "ada@demo.example", emailVerified: null },
    membership: [["department", "2", "yes", "no"]],
  },
  "app-token": {
    define: () => wecom({ ...client("ww1"), agentId: "1000002", baseUrl: rehearsal.lookAlikes["app-token"] }),
    ada: NO_EMAIL,
    membership: [["department", "2", "yes", "no"]],
  },
  jsonp: {
    define: () => qq({ ...client(), unionId: true, baseUrl: rehearsal.lookAlikes.jsonp }),
    ada: NO_EMAIL,
    staysAfterCancel: true,
  },
  "query-token": {
    define: () => wechat({ ...client("wx1"), baseUrl: rehearsal.lookAlikes["query-token"] }),
    ada: NO_EMAIL,
  },
  gateway: {
    define: () =>
      alipay({
        clientId: "2021000000000000",
        privateKey: rsaKey,
        alipayPublicKey: rehearsal.gatewayPublicKey(),
        baseUrl: rehearsal.lookAlikes.gateway,
        apiUrl: rehearsal.lookAlikes.gateway,
      }),
    ada: NO_EMAIL,
    staysAfterCancel: true,
  },
  "confirmed-emails": {
    define: () => gitee({ ...client(), baseUrl: rehearsal.lookAlikes["confirmed-emails"] }),
    ada: VERIFIED,
    membership: [
      ["organization", "acme", "yes", "yes"],
      ["organization", "globex", "no", "no"],
    ],
  },
  oauth1: {
    define: () => xOauth1({ ...client(), baseUrl: rehearsal.lookAlikes.oauth1 }),
    ada: VERIFIED,
  },
};

function caseOf(name: string): LookAlikeCase {
  const found = CASES[name];
  if (found === undefined) throw new Error(`there is no case of the name ${name}`);
  return found;
}

function connected({ define, membership = [] }: LookAlikeCase): Provider {
  const usedChecks = membership.map(([check]) => check);
  return connect(define(), { outbound, now: Date.now, log, usedChecks: async () => usedChecks });
}

async function signIn(provider: Provider, persona: string, options: PickOptions = {}): Promise<FinishResult> {
  const { url, keep } = await provider.start(START);
  const parameters =
    provider.responseMode === "form_post"
      ? (await pickPersonaByPost(url, persona, options)).fields
      : (await pickPersona(url, persona, options)).searchParams;
  return provider.finish({ ...START, parameters, ...(keep === undefined ? {} : { extra: keep }) });
}

async function arrive(provider: Provider, persona: string) {
  const result = await signIn(provider, persona);
  if (result.kind !== "arrived") throw new Error(`${persona}: ${JSON.stringify(result)}`);
  return result;
}

describe.each(Object.entries(CASES))("a provider of its own kind at %s", (_, lookAlike) => {
  test("lets people in, each as the same one again", async () => {
    const provider = connected(lookAlike);
    const ada = await arrive(provider, "ada");
    expect(ada.userInfo).toMatchObject(lookAlike.ada);
    const again = await arrive(provider, "ada");
    expect(again.userInfo.subject).toBe(ada.userInfo.subject);
    expect((await arrive(provider, "bo")).userInfo.subject).not.toBe(ada.userInfo.subject);
  });

  test("understands how people cancel", async () => {
    const cancelled = signIn(connected(lookAlike), "ada", { cancel: true });
    if (lookAlike.staysAfterCancel) await expect(cancelled).rejects.toThrow("instead of a redirect");
    else expect(await cancelled).toEqual({ kind: "cancelled" });
  });
});

test.each(Object.keys(CASES))(
  "a failure that is picked at %s follows the attempt through its code",
  async (name) => {
    const provider = connected(caseOf(name));
    const [failing, fine] = await Promise.all([
      signIn(provider, "ada", { misbehave: "garbage" }),
      signIn(provider, "bo"),
    ]);
    expect([failing.kind, fine.kind]).toEqual(["failed", "arrived"]);
  },
);

test("a token of the application that ended early is fetched once more", async () => {
  const before = rehearsal.requests["app-token.app-token"];
  rehearsal.misbehave("app-token-ended", { times: 1 });
  expect((await signIn(connected(caseOf("app-token")), "ada")).kind).toBe("arrived");
  expect(rehearsal.requests["app-token.app-token"]).toBe(before + 2);
});

const MEMBERSHIPS = Object.entries(CASES).flatMap(([name, { membership = [] }]) =>
  membership.map(([check, wanted, ada, bo]) => ({ name, check, wanted, expected: { ada, bo } })),
);

test.each(MEMBERSHIPS)("$name tells of $check $wanted", async ({ name, check, wanted, expected }) => {
  const provider = connected(caseOf(name));
  const [ada, bo] = [await arrive(provider, "ada"), await arrive(provider, "bo")];
  const told = { ada: await ada.belongs(check, wanted), bo: await bo.belongs(check, wanted) };
  expect(told).toEqual(expected);
});

test("an outsider is refused where the company is known", async () => {
  for (const name of ["no-second-refresh", "tenants", "envelope", "camel-json", "app-token"]) {
    const { kind } = await signIn(connected(caseOf(name)), "mallory");
    expect([name, kind]).toEqual([name, "failed"]);
  }
});

test("the team on the third page and the group that did not fit are found", async () => {
  for (const [name, check, wanted] of [
    ["github", "team", "acme/ops"],
    ["tenants", "group", groupIdOf("acme/ops")],
  ] as const) {
    const zoe = await arrive(connected(caseOf(name)), "zoe");
    expect([name, await zoe.belongs(check, wanted)]).toEqual([name, "yes"]);
  }
});
