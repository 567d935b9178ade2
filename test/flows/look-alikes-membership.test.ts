import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AccessRule } from "../../src/index.ts";
import type { MembershipAnswer } from "../../src/model/membership.ts";
import { dingtalk } from "../../src/providers/dingtalk.ts";
import { microsoft } from "../../src/providers/microsoft.ts";
import {
  COMPANIES,
  type Endpoint,
  groupIdOf,
  PERSONAS,
  REHEARSAL_SECRET,
  type Rehearsal,
  startRehearsal,
} from "../../src/rehearsal/index.ts";
import { Person } from "../../src/testing/person.ts";
import { expectRefused, observe } from "../attacks/stage.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import { lookAlikeProviders } from "./look-alikes.ts";

const DIRECTORY_CLIENT = "22222222-2222-4222-8222-222222222222";
const OPS = groupIdOf("acme/ops");
const { domain, tenantId, tenantKey, corpId } = COMPANIES.demo;

/** One rule for each place; two have a second instance that is set up in another way. Nothing else lets anybody in. */
const RULES: readonly AccessRule[] = [
  { when: { github: { team: "acme/ops" } }, then: "allow", roles: ["admin"] },
  { when: { google: { hostedDomain: domain } }, then: "allow" },
  { when: { microsoft: { tenant: tenantId, group: OPS } }, then: "allow" },
  { when: { directory: { group: OPS } }, then: "allow" },
  { when: { keycloak: { role: "admin" } }, then: "allow" },
  { when: { feishu: { tenant: tenantKey, department: "od-2" } }, then: "allow" },
  { when: { dingtalk: { corporation: corpId } }, then: "allow" },
  { when: { "dingtalk-staff": { department: "2" } }, then: "allow" },
  { when: { wecom: { department: "2" } }, then: "allow" },
  { when: { gitee: { organization: "acme" } }, then: "allow" },
];

let rehearsal: Rehearsal;
let office: BackOffice;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  const { lookAlikes } = rehearsal;
  const clientSecret = REHEARSAL_SECRET;
  const providers = [
    ...(await lookAlikeProviders(rehearsal)),
    microsoft({
      id: "directory",
      clientId: DIRECTORY_CLIENT,
      clientSecret,
      tenant: tenantId,
      baseUrl: lookAlikes.tenants,
      graphUrl: `${lookAlikes.tenants}/graph`,
      resolveGroups: true,
    }),
    dingtalk({
      id: "dingtalk-staff",
      clientId: "dingstaff",
      clientSecret,
      corpId,
      baseUrl: lookAlikes["camel-json"],
    }),
  ];
  office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    options: { providers, access: RULES, owners: [] },
  });
});
afterEach(() => rehearsal.behave());
afterAll(async () => {
  await office.close();
  await rehearsal.close();
});

/** Signs somebody in, and looks at what came of it. */
async function arrive(provider: string, persona: string) {
  const person = new Person(office.url);
  const authorize = await person.start(provider);
  const callback = await person.choose(authorize, persona);
  const seen = await observe({ office, rehearsal }, () => person.comeBack(callback));
  return { authorize, seen, session: await person.session() };
}

/** What was asked and answered, as the audit log tells it. */
type Told = Readonly<Record<string, MembershipAnswer>>;

async function expectLetIn(provider: string, persona: string, told: Told): Promise<void> {
  const { seen, session } = await arrive(provider, persona);
  expect(seen.response.status).toBe(303);
  expect(session?.session.provider).toBe(provider);
  const rule = `access[${RULES.findIndex(({ when }) => when[provider] !== undefined)}]`;
  const [identity] = await office.door.users.identitiesOf(session?.user.id ?? "");
  expect(await office.door.users.find(`${provider}:${identity?.subject}`)).toHaveLength(1);
  const succeeded = seen.events.filter(({ action }) => action === "login.succeeded");
  expect(succeeded).toMatchObject([{ detail: { provider, rule, memberships: told } }]);
}

async function expectKeptOut(provider: string, persona: string, told: Told): Promise<void> {
  const { seen, session } = await arrive(provider, persona);
  expectRefused(seen, { code: "not_allowed", cause: "no_rule" });
  expect(seen.events[0]?.detail).toMatchObject({ provider, memberships: told });
  expect(session).toBeNull();
  const [event] = seen.events;
  expect(await office.door.users.find(`${provider}:${event?.detail.subject}`)).toEqual([]);
}

interface Row {
  readonly provider: string;
  readonly check: string;
  /** Who belongs there, and who does not. */
  readonly yes: readonly string[];
  readonly no: readonly string[];
  /** The door that answers the check; without one the claims do. */
  readonly door?: Endpoint;
  /** What the rule asks before, with a yes. */
  readonly before?: string;
}

const ROWS: readonly Row[] = [
  { provider: "github", check: "team acme/ops", yes: ["grace"], no: ["bo"], door: "github.teams" },
  { provider: "google", check: `hostedDomain ${domain}`, yes: ["grace", "bo"], no: ["mallory"] },
  {
    provider: "microsoft",
    check: `group ${OPS}`,
    yes: ["grace"],
    no: ["bo"],
    before: `tenant ${tenantId}`,
  },
  { provider: "keycloak", check: "role admin", yes: ["ada"], no: ["bo", "grace"] },
  {
    provider: "feishu",
    check: "department od-2",
    yes: ["grace"],
    no: ["bo"],
    door: "envelope.contact",
    before: `tenant ${tenantKey}`,
  },
  { provider: "dingtalk", check: `corporation ${corpId}`, yes: ["grace", "bo"], no: ["mallory"] },
  {
    provider: "dingtalk-staff",
    check: "department 2",
    yes: ["grace"],
    no: ["bo"],
    door: "camel-json.contact",
  },
  { provider: "wecom", check: "department 2", yes: ["grace"], no: ["bo"] },
  {
    provider: "gitee",
    check: "organization acme",
    yes: ["grace", "bo"],
    no: ["mallory"],
    door: "confirmed-emails.organizations",
  },
];

describe.each(ROWS)("$provider: $check", ({ provider, check, yes, no, before }) => {
  const asked = (answer: MembershipAnswer): Told => ({
    ...(before === undefined ? {} : { [before]: "yes" }),
    [check]: answer,
  });

  test.each(yes)("yes lets %s in", (persona) => expectLetIn(provider, persona, asked("yes")));
  test.each(no)("no keeps %s out", (persona) => expectKeptOut(provider, persona, asked("no")));
});

test.each(ROWS.filter(({ door }) => door !== undefined))(
  "$provider cannot tell $check: nobody in, until it can",
  async ({ provider, check, yes: [persona = ""], door, before }) => {
    const told = before === undefined ? {} : { [before]: "yes" as const };
    for (const mode of ["status-500", "garbage", "html", "redirect"] as const) {
      rehearsal.misbehave(mode, { endpoint: door });
      // Ada belongs there, but is no user yet.
      await expectKeptOut(provider, "ada", { ...told, [check]: "cannot_tell" });
      rehearsal.behave();
      await expectLetIn(provider, persona, { ...told, [check]: "yes" });
    }
  },
);

test("the team on the third page is found, and three pages are asked for", async () => {
  const before = rehearsal.requests["github.teams"];
  await expectLetIn("github", "zoe", { "team acme/ops": "yes" });
  expect(rehearsal.requests["github.teams"]).toBe(before + 3);
});

test("a rule gives its roles", async () => {
  expect((await arrive("github", "grace")).session?.user.roles).toEqual(["admin"]);
});

test.each([
  ["github", "read:org"],
  ["dingtalk", "corpid"],
  ["directory", "User.Read"],
])("%s is asked for the scope that its rule needs", async (provider, scope) => {
  const { authorize } = await arrive(provider, "grace");
  expect(authorize.searchParams.get("scope")?.split(" ")).toContain(scope);
});

describe("more groups than a token holds", () => {
  test("cannot be told unless that is configured", () =>
    expectKeptOut("microsoft", "zoe", { [`tenant ${tenantId}`]: "yes", [`group ${OPS}`]: "cannot_tell" }));

  test("are asked of the directory when it is, page by page", async () => {
    const before = rehearsal.requests["tenants.groups"];
    await expectLetIn("directory", "zoe", { [`group ${OPS}`]: "yes" });
    expect(rehearsal.requests["tenants.groups"]).toBe(before + 3);
  });

  test("which is not asked about those whose groups fit", async () => {
    const before = rehearsal.requests["tenants.groups"];
    await expectLetIn("directory", "grace", { [`group ${OPS}`]: "yes" });
    await expectKeptOut("directory", "bo", { [`group ${OPS}`]: "no" });
    expect(rehearsal.requests["tenants.groups"]).toBe(before);
  });

  test("and no claim at all is not a no", () =>
    expectKeptOut("directory", "nils", { [`group ${OPS}`]: "cannot_tell" }));
});

test("who leaves the company between two questions stays out", async () => {
  const ada = PERSONAS.find(({ id }) => id === "ada");
  if (ada?.memberships === undefined) throw new Error("Ada belongs nowhere");
  const elsewhere = { ...ada, memberships: { ...ada.memberships, company: "elsewhere" as const } };
  rehearsal.delay("app-token.contact", async () => rehearsal.setPersona(elsewhere));
  try {
    await expectKeptOut("wecom", "ada", { "department 2": "cannot_tell" });
  } finally {
    rehearsal.delay("app-token.contact", null);
    rehearsal.setPersona(ada);
  }
  await expectLetIn("wecom", "ada", { "department 2": "yes" });
});

describe("another company", () => {
  test.each([
    ["wecom", "user_not_allowed"],
    ["dingtalk-staff", "other_company"],
  ])("%s: refused before any rule is asked", async (provider, cause) => {
    const { seen, session } = await arrive(provider, "mallory");
    expectRefused(seen, { code: "not_allowed", cause });
    expect(session).toBeNull();
  });

  test("a directory keeps people of another one on its own page", async () => {
    await expect(arrive("directory", "mallory")).rejects.toThrow("the provider answered 403");
  });

  test("a tenant that is not on the list is refused, though its tokens are in order", async () => {
    const { seen, session } = await arrive("microsoft", "mallory");
    expectRefused(seen, { code: "not_allowed", cause: "tenant_not_allowed" });
    expect(session).toBeNull();
  });
});

test.each(["apple", "wechat", "qq", "alipay", "x-oauth1"])(
  "%s, which no rule names, lets nobody in",
  async (id) => {
    const { seen, session } = await arrive(id, "ada");
    expectRefused(seen, { code: "not_allowed", cause: "no_rule" });
    expect(session).toBeNull();
  },
);
