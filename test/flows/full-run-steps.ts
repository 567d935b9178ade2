import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { Person } from "../../src/testing/person.ts";
import { withParameter } from "../attacks/transaction.ts";
import { runCommand, writeConfig } from "../support/command-line.ts";
import type { Exchange, Said, Tampering } from "../support/wiretap.ts";
import { FRONT_END, type Run, random } from "./full-run.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CLI = "cli:root@host";

/** Everything that a back office can do with a secret, one after the other. */
export async function runEverything(run: Run): Promise<void> {
  await keepAndRefresh(run);
  await breakGlass(run);
  await invite(run);
  await askForAccess(run);
  await serveMachines(run);
  await linkAndStepUp(run);
  await visitFrontEnd(run);
  await signOutAtProvider(run);
  await hearOfLogouts(run);
  await comeBackWrong(run);
  await meetProviderThatRepeatsAll(run);
  await refuseOtherSites(run);
  await runCommands(run);
}

async function signedIn({ newPerson }: Run, persona: string, provider = "rehearsal") {
  const person = newPerson();
  await person.signIn(provider, persona);
  const user = (await person.session())?.user;
  if (user === undefined) throw new Error(`${persona} was not let in`);
  return { person, id: user.id };
}

async function keepAndRefresh(run: Run): Promise<void> {
  const { door } = run.office;
  const ada = await signedIn(run, "ada");
  const call = async () => (await ada.person.request("/api/at/rehearsal")).status;
  expect(await call()).toBe(200);
  const first = await door.accessToken(ada, "rehearsal");
  for (let round = 0; round < 2; round++) {
    run.passTime(2 * HOUR);
    expect(await call()).toBe(200);
  }
  const second = await door.accessToken(ada, "rehearsal");
  expect(second).not.toBe(first);
  // Whoever gets a 401 tries once more with another token; whoever gets 500 hears of it.
  const api = door.api(ada, "rehearsal");
  run.providerTap.tamperOnce("/userinfo", () => ({ status: 401 }));
  expect((await api.get("/userinfo")).status).toBe(200);
  run.providerTap.tamperOnce("/userinfo", (exchange) => repeating(exchange, 500));
  await expect(api.get("/userinfo").json()).rejects.toMatchObject({ reason: "status_500" });
  run.providerTap.tamperOnce("/userinfo", (exchange) => repeating(exchange, 200));
  await expect(api.get("/userinfo").json()).rejects.toMatchObject({ reason: "json_malformed" });
  const bo = await signedIn(run, "bo", "apple");
  run.passTime(2 * HOUR);
  await door.accessToken(bo, "apple");
  await signedIn(run, "kit", "github");
}

async function breakGlass(run: Run): Promise<void> {
  const { door } = run.office;
  const [ada] = await door.users.find("ada@demo.example");
  const reason = "the provider is down";
  const { url } = await door.ownerLinks.create({ userId: ada?.id ?? "" }, CLI, reason);
  const token = tokenOf(url);
  run.told.push({ kind: "owner link token", value: token });
  const browser = run.newPerson();
  expect((await browser.request(url.pathname)).status).toBe(200);
  expect((await browser.post("/auth/preferences", { locale: "zh-CN", return_to: url.pathname })).status).toBe(
    303,
  );
  expect((await browser.post("/auth/owner-link", { token })).status).toBe(303);
  expect((await browser.request("/auth/account")).status).toBe(200);
  expect((await run.newPerson().request(url.pathname)).status).toBe(410);
  expect((await run.newPerson().post("/auth/owner-link", { token })).status).toBe(410);
  expect((await run.newPerson().post("/auth/owner-link", { token: `${token}x` })).status).toBe(410);
  // One that makes an owner is kept in the browser until the sign-in.
  const claim = await door.ownerLinks.create({ userId: null, breakGlass: true }, CLI, "nobody is left");
  run.told.push({ kind: "owner link token", value: tokenOf(claim.url) });
  const grace = run.newPerson();
  expect((await grace.post("/auth/owner-link", { token: tokenOf(claim.url) })).status).toBe(303);
  await grace.signIn("rehearsal", "grace");
  expect((await grace.session())?.user.roles).toContain("owner");
}

async function invite(run: Run): Promise<void> {
  const { invitations } = run.office.door;
  const { invitation, link: former } = await invitations.create({ roles: ["support"] }, CLI);
  const { link } = await invitations.resend(invitation.id, CLI);
  for (const one of [former, link]) run.told.push({ kind: "invitation token", value: tokenOf(one) });
  const guest = run.newPerson();
  expect((await guest.request(former.pathname)).status).toBe(404);
  expect((await guest.request(link.pathname)).status).toBe(200);
  expect((await guest.request(`${link.pathname}/more`)).status).toBe(404);
  expect((await guest.request(link.pathname, { method: "DELETE" })).status).toBe(405);
  expect((await guest.post(link.pathname)).headers.get("location")).toBe("/auth/sign-in");
  expect((await guest.request("/auth/sign-in")).status).toBe(200);
  await guest.signIn("rehearsal", "mallory");
  const id = (await guest.session())?.user.id ?? "";
  expect((await guest.request(link.pathname)).status).toBe(409);
  await run.office.door.users.delete(id, CLI);
}

async function askForAccess(run: Run): Promise<void> {
  const { requests, webhooks } = run.office.door;
  const mallory = run.newPerson();
  run.rehearsal.setPersona({
    id: "mallory",
    name: "Mallory Finch",
    email: "mallory@elsewhere.example",
    emailVerified: true,
    subject: "100000000000000009999",
    github: { id: 9999, login: "mallory-two" },
    about: { en: "Somebody new", "zh-CN": "新人" },
  });
  const page = await (await mallory.signIn("rehearsal", "mallory")).text();
  const proof = /name="for" value="([^"]*)"/.exec(page)?.[1] ?? "";
  expect((await mallory.post("/auth/request-access", { for: proof, note: "hello" })).status).toBe(303);
  const [request] = await requests.list({ status: "pending" });
  await requests.approve(request?.id ?? "", "member", CLI, "known");
  await mallory.request("/auth/request-access");
  await mallory.signIn("rehearsal", "mallory");
  expect(await mallory.session()).not.toBeNull();
  await webhooks.test(CLI);
  // Two links were used, one has asked and was let in, and the test.
  await run.receiver.untilReceived(5);
}

async function serveMachines(run: Run): Promise<void> {
  const grace = await signedIn(run, "grace");
  const li = await signedIn(run, "liwei");
  const json = { "content-type": "application/json", origin: run.officeTap.url };
  const wish = { method: "POST", api: true, headers: json };
  const body = JSON.stringify({ audience: "orders-api" });
  for (const { person } of [grace, li]) {
    const { token } = (await (await person.request("/auth/token", { ...wish, body })).json()) as {
      token: string;
    };
    run.told.push({ kind: "token for a service", value: token });
    expect((await run.newPerson().request("/auth/session", withBearer(token))).status).toBe(401);
  }
  for (const door of [
    "health/live",
    "health/ready",
    ".well-known/jwks.json",
    "sign-in",
    "account",
    "nowhere",
  ])
    await li.person.request(`/auth/${door}`);
  const nowhere = JSON.stringify({ audience: "elsewhere" });
  expect((await li.person.request("/auth/token", { ...wish, body: nowhere })).ok).toBe(false);
  const { apiKeys } = run.office.door;
  const key = await apiKeys.create({ userId: li.id, name: "nightly", permissions: ["orders.read"] }, CLI);
  // Its id is no secret: it tells which one to revoke.
  run.told.push({ kind: "API key", value: key.secret.split("_").at(-1) ?? "" });
  const knock = () => fetch(run.machinesUrl, withBearer(key.secret));
  expect((await knock()).status).toBe(200);
  const orders = { api: true, ...withBearer(key.secret) };
  expect((await run.newPerson().request("/orders", orders)).status).toBe(401);
  await apiKeys.revoke(key.apiKey.id, CLI);
  expect((await knock()).status).toBe(401);
}

async function linkAndStepUp(run: Run): Promise<void> {
  const { person } = await signedIn(run, "liwei");
  run.passTime(11 * MINUTE);
  expect((await person.request("/payroll")).status).toBe(303);
  const confirm = async (extra: Record<string, string> = {}) => {
    const asked = await person.post("/auth/step-up/rehearsal", { return_to: "/payroll" });
    return person.comeBack(await person.choose(addressIn(asked), "liwei", extra));
  };
  expect((await confirm({ decision: "cancel" })).status).toBe(403);
  expect((await confirm({ misbehave: "stale-auth-time" })).status).toBe(403);
  expect((await confirm()).headers.get("location")).toBe("/payroll");
  expect((await person.request("/payroll")).status).toBe(200);
  const linked = await person.post("/auth/account/link/github");
  const back = await person.comeBack(await person.choose(addressIn(linked), "liwei"));
  expect(back.headers.get("location")).toBe("/auth/account?linked");
  await person.request("/auth/account?linked");
  const stranger = await person.post("/auth/account/link/github");
  expect((await person.comeBack(await person.choose(addressIn(stranger), "kit"))).ok).toBe(false);
  await signedIn(run, "liwei", "github");
}

async function visitFrontEnd(run: Run): Promise<void> {
  const person = run.newPerson();
  const cross = { origin: FRONT_END, referer: `${FRONT_END}/`, "sec-fetch-site": "same-site" };
  const handed = await person.signIn("rehearsal", "liwei", { returnTo: `${FRONT_END}/orders?page=2` });
  expect(handed.status).toBe(200);
  expect((await person.request("/auth/session", { api: true, headers: cross })).status).toBe(200);
  const body = JSON.stringify({ audience: "orders-api" });
  const headers = { ...cross, "content-type": "application/json" };
  const answer = await person.request("/auth/token", { method: "POST", api: true, headers, body });
  run.told.push({ kind: "token for a service", value: ((await answer.json()) as { token: string }).token });
  const out = await person.request("/auth/sign-out", { method: "POST", api: true, headers: cross });
  const { endSessionUrl } = (await out.json()) as { endSessionUrl: string };
  await comeBackFrom(person, new URL(endSessionUrl));
}

async function signOutAtProvider(run: Run): Promise<void> {
  for (const provider of ["rehearsal", "apple", "github"]) {
    const { person } = await signedIn(run, "bo", provider);
    expect((await person.post("/auth/sign-out")).status).toBe(303);
    const first = await person.request("/auth/signed-out");
    if (first.status !== 303) continue;
    const page = await (await person.request("/auth/signed-out/provider")).text();
    const [, address = ""] = /http-equiv="refresh" content="0; url=([^"]*)"/.exec(page) ?? [];
    await comeBackFrom(person, new URL(address.replaceAll("&amp;", "&")));
  }
}

async function comeBackFrom(person: Person, endSession: URL): Promise<void> {
  const { headers } = await fetch(endSession, { redirect: "manual" });
  const back = new URL(headers.get("location") ?? "");
  await person.request(back.pathname + back.search);
  expect(await (await person.request("/auth/signed-out")).text()).toContain("signed out");
}

async function hearOfLogouts(run: Run): Promise<void> {
  const door = `${run.officeTap.url}/auth/backchannel-logout/rehearsal`;
  const wish = { clientId: "back-office", persona: "bo" };
  const frame = { headers: { "sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site" } };
  const { person } = await signedIn(run, "bo");
  for (const variant of ["bad-signature", "with-nonce", "expired", "wrong-type"] as const)
    expect((await run.rehearsal.sendLogout(door, { ...wish, variant })).status).toBe(400);
  expect(await person.session()).not.toBeNull();
  expect((await run.rehearsal.sendLogout(door, wish)).status).toBe(200);
  expect(await person.session()).toBeNull();
  const again = await signedIn(run, "bo");
  const token = await run.rehearsal.logoutToken(wish);
  const { sid } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  const query = new URLSearchParams({ iss: run.rehearsal.issuer, sid });
  const address = `${run.officeTap.url}/auth/frontchannel-logout/rehearsal?${query}`;
  expect((await fetch(address, frame)).status).toBe(200);
  expect(await again.person.session()).toBeNull();
}

async function comeBackWrong(run: Run): Promise<void> {
  const person = run.newPerson();
  const refused = async (answer: Promise<Response>) =>
    expect((await answer).status).toBeGreaterThanOrEqual(400);
  const setOut = async () => person.pick(await person.start("rehearsal", "/orders"), "bo");
  await refused(person.signIn("rehearsal", "bo", { cancel: true }));
  for (const misbehave of [
    "wrong-nonce",
    "wrong-audience",
    "expired",
    "status-500",
    "garbage",
    "html",
    "redirect",
  ])
    await refused(person.signIn("rehearsal", "bo", { misbehave }));
  await refused(person.signIn("github", "bo", { misbehave: "status-500" }));
  // A code that nobody issued, another state, no cookie, another provider, twice.
  await refused(person.request(withParameter(await setOut(), "code", random())));
  await refused(person.request(withParameter(await setOut(), "state", random())));
  await refused(run.newPerson().request(await setOut()));
  await refused(person.request((await setOut()).replace("/rehearsal?", "/github?")));
  const callback = await setOut();
  const program = run.newPerson();
  await refused(program.request(callback, { api: true }));
  await person.request(callback);
  await refused(run.newPerson().request(callback));
  await person.request(callback);
  await refused(person.request(withParameter(await setOut(), "iss", "https://other.example")));
  await refused(
    person.request(`/auth/callback/nobody?${new URLSearchParams({ code: random(), state: random() })}`),
  );
  await refused(person.request(callback, { method: "PUT" }));
  await person.signIn("rehearsal", "mallory");
  // A tab that has gone stale begins again by itself.
  const waiting = run.newPerson();
  const stale = await waiting.pick(await waiting.start("rehearsal", "/orders"), "bo");
  run.passTime(11 * MINUTE);
  const restarted = await waiting.request(stale);
  await waiting.request(await waiting.pick(addressIn(restarted), "bo"));
}

/** A provider, or something in front of it, that says everything back to whoever has said it. */
async function meetProviderThatRepeatsAll(run: Run): Promise<void> {
  const { providerTap, office } = run;
  const meet = async (path: string, change: Tampering) => {
    providerTap.tamperOnce(path, change);
    await run.newPerson().signIn(path.startsWith("/github") ? "github" : "rehearsal", "liwei");
    expect([path, providerTap.tampersWith]).toEqual([path, []]);
  };
  for (const status of [200, 302, 400, 401, 429, 500])
    for (const path of ["/token", "/userinfo", "/github/login/oauth/access_token", "/github/api/v3/user"])
      await meet(path, (exchange) => repeating(exchange, status));
  for (const member of ["error", "error_description", "token_type", "scope", "expires_in", "id_token"]) {
    await meet("/token", (exchange) => telling(exchange, { [member]: exchange.asked.body }));
    await meet("/token", (exchange) => telling(exchange, { [member]: exchange.answered.body }));
    await meet("/userinfo", (exchange) => telling(exchange, { [member]: String(exchange.asked.headers) }));
  }
  const li = await signedIn(run, "liwei");
  run.passTime(2 * HOUR);
  for (const status of [500, 200, 401]) {
    providerTap.tamperOnce("/token", (exchange) => repeating(exchange, status));
    // Not before the pause after the one before is over.
    await vi.waitFor(async () => {
      await expect(office.door.accessToken(li, "rehearsal")).rejects.toThrow("could not be refreshed");
      expect(providerTap.tampersWith).toEqual([]);
    }, 5_000);
  }
  providerTap.tamperOnce("/revoke", (exchange) => repeating(exchange, 400));
  await office.door.users.suspend(li.id, CLI);
  await vi.waitFor(() => expect(office.logged.join("\n")).toContain("could not be revoked"));
}

/** The whole request and the whole answer, in every place that an answer has. */
function repeating({ target, asked, answered }: Exchange, status: number) {
  const all = [target, ...asked.headers.map(([, value]) => value), asked.body, answered.body].join(" ");
  const line = all.replaceAll(/[^\x20-\x7e]/g, " ");
  const headers = [
    ["content-type", "application/json"],
    ["www-authenticate", `Bearer error="invalid_token", error_description="${line}"`],
    ["location", `https://elsewhere.example/?${encodeURIComponent(line)}`],
    ["retry-after", "1"],
  ] as const;
  // Neither JSON nor free of what JSON would have said.
  return { status, answered: { headers, body: `{"error": "${line}` } };
}

/** The same answer with other members. */
function telling({ answered }: Exchange, members: Record<string, string>): { readonly answered: Said } {
  return { answered: { ...answered, body: JSON.stringify({ ...JSON.parse(answered.body), ...members }) } };
}

/** What another site makes browsers do with a link that it has got hold of. */
async function refuseOtherSites(run: Run): Promise<void> {
  const elsewhere = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  const { person } = await signedIn(run, "bo");
  const token = run.told.find(({ kind }) => kind === "invitation token")?.value ?? "";
  for (const path of [
    `/auth/invite/${token}`,
    `/auth/owner-link/${token}`,
    "/auth/owner-link",
    "/auth/token",
  ])
    expect((await person.post(path, { token }, elsewhere)).ok).toBe(false);
  const referer = `${run.officeTap.url}/auth/invite/${token}`;
  expect((await person.post("/auth/sign-out", {}, { ...elsewhere, referer })).status).toBe(403);
}

/** Commands, and the exit code that each must have. */
const COMMANDS: Readonly<Record<string, number>> = {
  "users list --json": 0,
  "users list --pending": 0,
  "users show grace@demo.example --json": 0,
  "users sign-out kit@demo.example --yes": 0,
  "users suspend kit@demo.example --yes": 0,
  "invites list --json": 0,
  "api-keys list --json": 0,
  "requests list --json": 0,
  "owner-link --for ada@demo.example --dry-run": 0,
  "providers list --json": 0,
  "providers check --json": 0,
  "access explain grace@demo.example": 0,
  "rules list --json": 0,
  "roles list --json": 0,
  "tokens reseal --json": 0,
  "webhooks list --json": 0,
  "webhooks test --json": 0,
  "export --json": 0,
  "migrate status --json": 0,
  "audit list --limit 1000 --json": 0,
  "audit list --limit 1000": 0,
  "users show nobody@demo.example": 4,
  nonsense: 2,
};

/** Commands that show a secret once, on purpose, to whoever has asked for it. */
const ONCE = [
  { words: "invites create --role support", kind: "invitation token" },
  { words: "api-keys create grace@demo.example --name ci --permission orders.read", kind: "API key" },
  { words: "owner-link --for ada@demo.example --yes", kind: "owner link token" },
] as const;

async function runCommands(run: Run): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "postern-canaries-"));
  const { database, rehearsal, options } = run;
  const { publicUrl, secret, webhook, roles, access, tokens } = options;
  const parts = { publicUrl, secret, webhook, roles, access, tokens };
  const secretOfClient = JSON.stringify(options.providers[0]?.clientSecret());
  const more = `...${JSON.stringify(parts)}, providers: [
    oidc({ id: "rehearsal", name: "Rehearsal", issuer: ${JSON.stringify(rehearsal.issuer)}, ...client, clientSecret: ${secretOfClient}, keepTokens: true }),
    github({ baseUrl: ${JSON.stringify(rehearsal.githubUrl)}, ...client, clientSecret: ${secretOfClient} }),
  ],`;
  const config = writeConfig(folder, { database, rehearsalUrl: rehearsal.url, more });
  const command = (words: string) => runCommand([...words.split(" "), "--config", config, "--verbose"]);
  for (const { words, kind } of ONCE) {
    const { stdout, stderr } = await command(words);
    const value = kind === "API key" ? stdout.trim().split("_").at(-1) : stdout.trim().split("/").at(-1);
    expect([words, value], stderr).toEqual([words, expect.stringMatching(/^[\w-]{43,}$/)]);
    run.told.push({ kind, value: value ?? "" });
    run.printed[words] = stderr;
  }
  for (const [words, expected] of Object.entries(COMMANDS)) {
    const { code, stdout, stderr } = await command(words);
    expect([words, code], stderr).toEqual([words, expected]);
    run.printed[words] = `${stdout}\n${stderr}`;
  }
  rmSync(folder, { recursive: true });
}

function tokenOf({ pathname }: URL): string {
  return pathname.slice(pathname.lastIndexOf("/") + 1);
}

function addressIn(response: Response): URL {
  return new URL(response.headers.get("location") ?? "");
}

function withBearer(token: string) {
  return { headers: { authorization: `Bearer ${token}` } };
}
