import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/index.ts";
import type { ProviderDefinition } from "../../src/providers/definition.ts";
import { COMPANIES, type Rehearsal, startRehearsal } from "../../src/rehearsal/index.ts";
import type { MisbehaviourMode } from "../../src/rehearsal/misbehaviours.ts";
import { PERSONAS } from "../../src/rehearsal/personas.ts";
import { type Callback, Person } from "../../src/testing/person.ts";
import { expectRefused, observe } from "../attacks/stage.ts";
import { transactionCookies } from "../attacks/transaction.ts";
import { type BackOffice, SECRET, startBackOffice } from "../support/back-office.ts";
import { type Canaries, canariesOfAttempt, findCanaries, textOfAnswer } from "../support/canaries.ts";
import { lookAlikeProviders } from "./look-alikes.ts";

interface LookAlikeCase {
  readonly id: string;
  /** As the buttons call it: English, Chinese. */
  readonly names: readonly [string, string];
  /** Who vouches for Ada, below the address of the rehearsal provider. */
  readonly issuer: string;
  /** Her id there. What is a digest has only a shape here; that it stays the same is proved by her second sign-in. */
  readonly subject: string | RegExp;
  /** Whether her e-mail is known, and what is said of it. */
  readonly email: "verified" | "unknown" | "none";
  /** Presses Cancel: comes back, or the page of the provider just closes. Default `comes back`. */
  readonly cancel?: "stays";
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UNION_ID = /^u[\w-]{27}$/;

const CASES: readonly LookAlikeCase[] = [
  {
    id: "github",
    names: ["GitHub", "GitHub"],
    issuer: "/github/login/oauth",
    subject: "1001",
    email: "verified",
  },
  {
    id: "google",
    names: ["Google", "Google"],
    issuer: "/no-second-refresh",
    subject: "100000000000000001001",
    email: "verified",
  },
  {
    id: "microsoft",
    names: ["Microsoft", "Microsoft"],
    issuer: `/${COMPANIES.demo.tenantId}/v2.0`,
    subject: UUID,
    email: "unknown",
  },
  {
    id: "apple",
    names: ["Apple", "Apple"],
    issuer: "/form-post",
    subject: /^001001\.[0-9a-f]{32}\.0456$/,
    email: "verified",
  },
  {
    id: "keycloak",
    names: ["Keycloak", "Keycloak"],
    issuer: "/realms/staff",
    subject: UUID,
    email: "verified",
  },
  { id: "feishu", names: ["Feishu", "飞书"], issuer: "/envelope", subject: UNION_ID, email: "none" },
  { id: "dingtalk", names: ["DingTalk", "钉钉"], issuer: "/camel-json", subject: UNION_ID, email: "unknown" },
  { id: "wecom", names: ["WeCom", "企业微信"], issuer: "/app-token#ww1", subject: "ada", email: "none" },
  { id: "wechat", names: ["WeChat", "微信"], issuer: "/query-token", subject: UNION_ID, email: "none" },
  { id: "qq", names: ["QQ", "QQ"], issuer: "/jsonp", subject: UNION_ID, email: "none", cancel: "stays" },
  {
    id: "alipay",
    names: ["Alipay", "支付宝"],
    issuer: "/gateway",
    subject: /^o[\w-]{27}$/,
    email: "none",
    cancel: "stays",
  },
  { id: "gitee", names: ["Gitee", "Gitee"], issuer: "/confirmed-emails", subject: "1001", email: "verified" },
  { id: "x-oauth1", names: ["X", "X"], issuer: "/oauth1", subject: "1001", email: "verified" },
];

let rehearsal: Rehearsal;
let providers: readonly ProviderDefinition[];
let office: BackOffice;
/** Lines of the private keys, which no attempt knows of. */
let keys: Canaries;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  providers = await lookAlikeProviders(rehearsal);
  const access = providers.map(({ id }) => ({ when: { provider: id }, then: "allow" as const }));
  office = await startBackOffice({ rehearsalUrl: rehearsal.url, options: { providers, access, owners: [] } });
  const { ec, rsa } = rehearsal.applicationKeys;
  keys = { "the EC key": lineOf(await ec()), "the RSA key": lineOf(await rsa()) };
});
afterEach(() => rehearsal.behave());
afterAll(async () => {
  await office.close();
  await rehearsal.close();
});

function lineOf({ privateKey }: { readonly privateKey: string }): string {
  return privateKey.split("\n")[1] ?? "";
}

/** As far as the callback, which is not followed yet, and what must be seen nowhere after it. */
async function goToProvider(person: Person, provider: string, extra: Record<string, string> = {}) {
  const authorize = await person.start(provider, "/orders?tab=2");
  const callback = await person.choose(authorize, "ada", extra);
  return { callback, canaries: { ...keys, ...canariesOf(person, callback) } };
}

function canariesOf(person: Person, { path, fields }: Callback): Canaries {
  const [name = ""] = transactionCookies(person);
  const told = fields === null ? path : `/?${new URLSearchParams(fields)}`;
  return canariesOfAttempt(SECRET, person.jar.get(name) ?? "", told);
}

async function expectNowhere(canaries: Canaries, answers: Readonly<Record<string, string>>): Promise<void> {
  const events = await office.door.audit.list({ limit: 1000 });
  const places = { ...answers, log: office.logged.join("\n"), "audit log": JSON.stringify(events) };
  expect(findCanaries(places, canaries)).toEqual([]);
}

describe("the sign-in page", () => {
  test.each([
    ["en", 0],
    ["zh-CN", 1],
  ] as const)("in %s: all of them with name and mark, folded after four", async (language, column) => {
    const page = await new Person(office.url).request("/auth/sign-in", {
      headers: { "accept-language": language },
    });
    const buttons = (await page.text()).split("<form").slice(1);
    for (const [index, { id, mark }] of providers.entries()) {
      const button = buttons[index] ?? "";
      expect(button).toContain(`action="/auth/sign-in/${id}"`);
      expect(button).toContain(CASES[index]?.names[column]);
      expect(button).toContain(`<path d="${mark}">`);
      // The fold begins after the fourth.
      expect(button.includes("<details")).toBe(index === 3);
    }
    expect(providers.map(({ id }) => id)).toEqual(CASES.map(({ id }) => id));
  });
});

describe.each(CASES)("$id", ({ id, issuer, subject, email }) => {
  test("guarded page, sign-in page, provider, back, page, out; the second time the same user", async () => {
    const ada = new Person(office.url);
    const turnedAway = await ada.request("/orders?tab=2");
    expect(turnedAway.headers.get("location")).toBe("/auth/sign-in?return_to=%2Forders%3Ftab%3D2");

    const { callback, canaries } = await goToProvider(ada, id);
    expect(callback.path.startsWith(`/auth/callback/${id}`)).toBe(true);
    expect(callback.fields !== null).toBe(id === "apple");
    const back = await ada.comeBack(callback);
    expect([back.status, back.headers.get("location")]).toEqual([303, "/orders?tab=2"]);
    const page = await (await ada.request("/orders?tab=2")).text();
    expect(page).toContain("Ada Marsh");

    const session = await ada.session();
    const address = email === "none" ? null : "ada@demo.example";
    expect(session).toMatchObject({
      user: { name: "Ada Marsh", email: address, roles: ["member"] },
      session: { provider: id },
    });
    const identities = await office.door.users.identitiesOf(session?.user.id ?? "");
    expect(identities).toMatchObject([
      {
        provider: id,
        issuer: rehearsal.url + issuer,
        subject: typeof subject === "string" ? subject : expect.stringMatching(subject),
        email: address,
        emailVerified: email === "verified" ? true : null,
      },
    ]);
    await expectNowhere(canaries, { callback: textOfAnswer(back, await back.text()), page });

    const out = await ada.post("/auth/sign-out");
    expect(out.headers.get("location")).toBe("/auth/signed-out");
    expect((await ada.request("/orders")).status).toBe(303);
    expect(await ada.session()).toBeNull();

    await ada.signIn(id, "ada");
    expect((await ada.session())?.user).toEqual(session?.user);
    const after = await office.door.users.identitiesOf(session?.user.id ?? "");
    expect(after.map(({ id }) => id)).toEqual(identities.map(({ id }) => id));

    const bo = new Person(office.url);
    await bo.signIn(id, "bo");
    expect((await bo.session())?.user).toMatchObject({ name: "Bo Lund" });
    expect((await bo.session())?.user.id).not.toBe(session?.user.id);
  });
});

test.each(CASES.filter(({ cancel }) => cancel !== "stays"))(
  "cancelled at $id: a page that says so, one event, nobody in",
  async ({ id }) => {
    const ada = new Person(office.url);
    const { callback, canaries } = await goToProvider(ada, id, { decision: "cancel" });
    const seen = await observe({ office, rehearsal }, () => ada.comeBack(callback));
    expectRefused(seen, { code: "access_denied_by_user", cause: "cancelled" });
    expect(seen.events).toMatchObject([{ detail: { provider: id } }]);
    expect(await ada.session()).toBeNull();
    await expectNowhere(canaries, { page: textOfAnswer(seen.response, seen.body) });
  },
);

test.each(CASES.filter(({ cancel }) => cancel === "stays"))(
  "cancelled at $id: nobody comes back, nothing is left behind, and the next attempt works",
  async ({ id }) => {
    const ada = new Person(office.url);
    const before = await office.door.audit.list({ limit: 1000 });
    const cancelled = goToProvider(ada, id, { decision: "cancel" });
    await expect(cancelled).rejects.toThrow("the provider answered 200");
    expect(await ada.session()).toBeNull();
    expect(await office.door.audit.list({ limit: 1000 })).toEqual(before);
    expect((await ada.signIn(id, "ada")).status).toBe(303);
    expect(await ada.session()).not.toBeNull();
  },
);

test("who cancels on a phone comes back with a word of its own", async () => {
  const ada = new Person(office.url);
  const authorize = await ada.start("qq");
  authorize.searchParams.set("display", "mobile");
  const callback = await ada.choose(authorize, "ada", { decision: "cancel" });
  expect(callback.path).toContain("usercancel=1");
  const seen = await observe({ office, rehearsal }, () => ada.comeBack(callback));
  expectRefused(seen, { code: "access_denied_by_user", cause: "cancelled" });
});

test("the address that must end in a fragment does", async () => {
  expect((await new Person(office.url).start("wechat")).hash).toBe("#wechat_redirect");
});

test("a name that only stood in for one follows the handle; one that was told stays until another is told", async () => {
  const kit = PERSONAS.find(({ id }) => id === "kit");
  if (kit === undefined) throw new Error("there is no Kit");
  const nameAfter = async (change: Partial<typeof kit>) => {
    rehearsal.setPersona({ ...kit, ...change });
    const person = new Person(office.url);
    await person.signIn("github", "kit");
    return (await person.session())?.user.name;
  };
  expect(await nameAfter({})).toBe("kit");
  expect(await nameAfter({ github: { ...kit.github, login: "kit-two" } })).toBe("kit-two");
  expect(await nameAfter({ name: "Kit Vane" })).toBe("Kit Vane");
  expect(await nameAfter({})).toBe("Kit Vane");
  expect(await nameAfter({ name: "Kit Wren" })).toBe("Kit Wren");
});

type Fault = readonly [mode: MisbehaviourMode, code: ErrorCode, cause: string];

/** What any place can do, and what only one that signs a token can. */
const ANYWHERE: readonly Fault[] = [
  ["status-500", "provider_unavailable", "server_error"],
  ["redirect", "provider_untrusted", "redirect_refused"],
  ["huge-body", "provider_untrusted", "response_too_large"],
  // Read as JSON there; as whatever it is elsewhere.
  ["garbage", "provider_untrusted", "json_malformed"],
];
const WITH_ID_TOKEN: readonly Fault[] = [
  ["wrong-nonce", "provider_untrusted", "nonce_mismatch"],
  ["wrong-issuer", "provider_untrusted", "issuer_mismatch"],
  ["wrong-audience", "provider_untrusted", "audience_mismatch"],
  ["bad-signature", "provider_untrusted", "signature_invalid"],
  ["expired", "provider_untrusted", "token_expired"],
  ["missing-id-token", "provider_untrusted", "id_token_missing"],
];
const NOT_ONLY_JSON = ["qq", "x-oauth1"];
const ID_TOKEN = ["google", "microsoft", "apple", "keycloak"];

const FAULTS = CASES.flatMap(({ id }) =>
  [...ANYWHERE, ...(ID_TOKEN.includes(id) ? WITH_ID_TOKEN : [])].map(([mode, code, cause]) => ({
    id,
    mode,
    code,
    cause: mode === "garbage" && NOT_ONLY_JSON.includes(id) ? "body_malformed" : cause,
  })),
);

test.each(FAULTS)("$mode at $id: $code, $cause, and no secret of it anywhere", async (fault) => {
  const { id, mode, code, cause } = fault;
  const ada = new Person(office.url);
  const { callback, canaries } = await goToProvider(ada, id, { misbehave: mode });
  const seen = await observe({ office, rehearsal }, () => ada.comeBack(callback));
  expectRefused(seen, { code, cause });
  expect(await ada.session()).toBeNull();
  expect(transactionCookies(ada)).toEqual([]);
  expect(rehearsal.requests.elsewhere).toBe(0);
  await expectNowhere(canaries, { page: textOfAnswer(seen.response, seen.body) });
  // It was this attempt alone.
  expect((await ada.signIn(id, "ada")).status).toBe(303);
});

test("where a sign-in begins with a request, its failure is told before anybody leaves", async () => {
  rehearsal.misbehave("status-500", { endpoint: "oauth1.temporary" });
  const ada = new Person(office.url);
  const seen = await observe({ office, rehearsal }, () => ada.post("/auth/sign-in/x-oauth1"));
  expectRefused(seen, { code: "provider_unavailable", cause: "server_error" });
  expect(transactionCookies(ada)).toEqual([]);
});

test("where the application has a token of its own, one that ended early is fetched again", async () => {
  await new Person(office.url).signIn("wecom", "ada");
  const before = rehearsal.requests["app-token.app-token"];
  rehearsal.misbehave("app-token-ended", { times: 1 });
  expect((await new Person(office.url).signIn("wecom", "bo")).status).toBe(303);
  expect(rehearsal.requests["app-token.app-token"]).toBe(before + 1);
});
