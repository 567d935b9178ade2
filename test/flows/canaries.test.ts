import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sha256 } from "../../src/crypto/hash.ts";
import { ENGINES } from "../attacks/stage.ts";
import { canarySearch, spellings } from "../support/canaries.ts";
import { collectSpans } from "../support/collect-spans.ts";
import {
  canariesOf,
  headerOf,
  heardAtOffice,
  heardAtProvider,
  type Secret,
  type SecretKind,
} from "../support/heard-secrets.ts";
import { openRawDatabase } from "../support/raw-database.ts";
import type { Exchange } from "../support/wiretap.ts";
import { openRun, type Run } from "./full-run.ts";
import { runEverything } from "./full-run-steps.ts";

const spans = collectSpans();

/** Where a secret has to stand, or else nothing would work. */
interface Excuse {
  readonly why: string;
  readonly part: "address" | "head" | "body";
  readonly kinds: readonly SecretKind[];
  where(exchange: Exchange): boolean;
}

const LINKS = ["invitation token", "owner link token"] as const;
const isLink = ({ target }: Exchange) => /^\/auth\/(?:invite|owner-link)\//.test(target);

const EXCUSES: readonly Excuse[] = [
  {
    why: "the provider sends people back with them (RFC 6749 §4.1.2)",
    part: "address",
    kinds: ["code", "state"],
    where: ({ target }) => target.startsWith("/auth/callback/"),
  },
  {
    why: "people are sent to the provider with them (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1)",
    part: "head",
    kinds: ["state", "nonce"],
    where: ({ status, target, answered }) =>
      status === 303 &&
      /^\/auth\/(?:sign-in|step-up|account\/link|callback)\//.test(target) &&
      URL.parse(headerOf(answered, "location") ?? "")?.searchParams.has("client_id") === true,
  },
  { why: "it is the link", part: "address", kinds: LINKS, where: isLink },
  { why: "its button carries on what the link says", part: "body", kinds: LINKS, where: isLink },
  {
    why: "back to the page that the language was chosen on",
    part: "head",
    kinds: LINKS,
    where: ({ target }) => target === "/auth/preferences",
  },
  {
    why: "the way to the provider's sign-out says whose (OpenID Connect RP-Initiated Logout §2)",
    part: "body",
    kinds: ["ID token", "state"],
    where: ({ target, method }) =>
      target === "/auth/signed-out/provider" || (method === "POST" && target === "/auth/sign-out"),
  },
  {
    why: "the way back from there (§3)",
    part: "address",
    kinds: ["state"],
    where: ({ target }) => target.startsWith("/auth/signed-out?state="),
  },
  {
    why: "it is what was asked for",
    part: "body",
    kinds: ["token for a service"],
    where: ({ target }) => target === "/auth/token",
  },
];

/** What the provider's pages are asked, which is the browser's business. */
const AT_THE_PROVIDERS_PAGES =
  /^\/(?:authorize|logout|github\/login\/oauth\/authorize|form-post\/auth\/authorize)\b/;

describe.each(ENGINES)("the secrets of everything that can be done (%s)", (engine) => {
  let run: Run;
  let secrets: readonly Secret[];
  let search: ReturnType<typeof canarySearch>;

  beforeAll(async () => {
    spans.reset();
    run = await openRun(engine);
    await runEverything(run);
    secrets = [
      ...heardAtProvider(run.providerTap.exchanges),
      ...heardAtOffice(run.officeTap.exchanges, run.secrets),
      // What this run knows of itself counts, whatever else it looks like.
      ...run.told,
    ];
    search = canarySearch(canariesOf(secrets));
  }, 180_000);
  afterAll(() => run?.close());

  test("are all heard of", () => {
    const kinds = new Set(secrets.map(({ kind }) => kind));
    const expected: SecretKind[] = [
      "API key",
      "ID token",
      "access request cookie",
      "access token",
      "client secret",
      "code",
      "code verifier",
      "invitation cookie",
      "invitation token",
      "logout token",
      "nonce",
      "owner link token",
      ...(engine === "postgres" ? (["password of the database"] as const) : []),
      "refresh token",
      "secret of the server",
      "session secret",
      "sign-out cookie",
      "state",
      "token for a service",
      "token for metrics",
      "transaction cookie",
      "webhook address",
      "webhook secret",
    ];
    expect([...kinds].sort()).toEqual(expected);
  });

  test("stand in no answer, no address, no header", () => {
    const places = wiresOf(run, secrets);
    expect(Object.keys(places).length).toBeGreaterThan(300);
    expect(search(places)).toEqual([]);
  });

  test("stand in nothing that was written down, printed or told to others", async () => {
    const places = { ...(await recordsOf(run)), ...(await databaseOf(run.database)) };
    for (const [place, text] of Object.entries(places))
      expect([place, text.length > 0]).toEqual([place, true]);
    expect(search(places)).toEqual([]);
  });

  test("would be found in each of these places, in any spelling", { timeout: 120_000 }, async () => {
    const places = { ...wiresOf(run, secrets), ...(await recordsOf(run)) };
    const planted = Object.fromEntries(
      Object.entries(places).map(([place, text], n) => [
        place,
        `${text} ${secrets[n % secrets.length]?.value}`,
      ]),
    );
    expect(new Set(search(planted).map((found) => found.slice(0, found.lastIndexOf(": "))))).toEqual(
      new Set(Object.keys(places)),
    );
    const canaries = Object.entries(canariesOf(secrets));
    for (const [name, value] of canaries) expect(search({ planted: value })).toContain(`planted: ${name}`);
    for (const [name, value] of canaries.filter((_, n) => n % 10 === 0))
      for (const { text } of spellings(value))
        expect(search({ planted: `"${text}"` })).toContain(`planted: ${name}`);
  });

  test("would be found in the database, where their hashes are", async () => {
    const { value } = secrets.findLast(({ kind }) => kind === "session secret") ?? { value: "" };
    const before = Object.values(await databaseOf(run.database)).join("");
    expect(before.includes(sha256(value))).toBe(true);
    const raw = await openRawDatabase(run.database);
    await raw.rows(
      `update postern_users set name = '${value}' where id = (select min(id) from postern_users)`,
    );
    await raw.close();
    expect(search(await databaseOf(run.database)).join("\n")).toContain("session secret");
  });

  test("are told by no Referer: every page forbids one", () => {
    const pages = run.officeTap.exchanges.filter(({ target }) => target.startsWith("/auth/"));
    expect(new Set(pages.map(({ answered }) => headerOf(answered, "referrer-policy")))).toEqual(
      new Set(["no-referrer"]),
    );
  });
});

/** What went over the wires, without what is excused: addresses, heads without the cookies that they set, bodies. */
function wiresOf(run: Run, secrets: readonly Secret[]): Record<string, string> {
  const places: Record<string, string> = {};
  run.officeTap.exchanges.forEach((exchange, n) => {
    const { method, target, answered } = exchange;
    const head = answered.headers.filter(([name]) => name !== "set-cookie");
    const parts = { address: target, head: head.join("\n"), body: answered.body };
    const name = `answer ${n}, ${method} ${target.replace(/\?.*/s, "").replace(/[\w-]{40,}/, "…")}`;
    for (const [part, text] of Object.entries(parts)) {
      const excused = EXCUSES.filter((excuse) => excuse.part === part && excuse.where(exchange));
      const kinds = new Set(excused.flatMap((excuse) => excuse.kinds));
      const values = secrets.filter(({ kind }) => kinds.has(kind)).map(({ value }) => value);
      places[`${name}, ${part}`] = values
        .flatMap((value) => [value, encodeURIComponent(value)])
        .reduce((left, value) => left.replaceAll(value, "…"), text);
    }
  });
  const ours = run.providerTap.exchanges.filter(({ target }) => !AT_THE_PROVIDERS_PAGES.test(target));
  places["addresses asked at the provider"] = ours.map(({ target }) => target).join("\n");
  return places;
}

async function recordsOf(run: Run): Promise<Record<string, string>> {
  const { office, receiver, printed } = run;
  const { audit, users, apiKeys, invitations, requests, webhooks } = office.door;
  return {
    log: office.logged.join("\n"),
    "audit log": JSON.stringify(await audit.list({ limit: 1_000 })),
    webhooks: JSON.stringify(receiver.received),
    people: JSON.stringify(await users.list()),
    "API keys": JSON.stringify(await apiKeys.list()),
    invitations: JSON.stringify(await invitations.list()),
    requests: JSON.stringify(await requests.list()),
    metrics: await metricsOf(run),
    traces: JSON.stringify(
      spans
        .getFinishedSpans()
        .map(({ name, attributes, status, events, links }) => ({ name, attributes, status, events, links })),
    ),
    deliveries: JSON.stringify([await webhooks.endpoints(), await webhooks.deliveries()]),
    ...Object.fromEntries(Object.entries(printed).map(([words, text]) => [`postern ${words}`, text])),
  };
}

async function metricsOf({ told, officeTap }: Run): Promise<string> {
  const token = told.find(({ kind }) => kind === "token for metrics")?.value;
  const authorization = `Bearer ${token}`;
  const answer = await fetch(`${officeTap.url}/auth/metrics`, { headers: { authorization } });
  expect(answer.status).toBe(200);
  return answer.text();
}

/** Every byte of the files, or every row of every table with bytes as hexadecimal digits. */
async function databaseOf(database: string): Promise<Record<string, string>> {
  if (database.startsWith("file:")) {
    const file = database.slice("file:".length);
    const files = [file, `${file}-wal`, `${file}-shm`];
    return Object.fromEntries(
      files.map((path) => [path.slice(file.length - 3), readFileSync(path, "latin1")]),
    );
  }
  const raw = await openRawDatabase(database);
  const tables = await raw.rows(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  const texts: string[] = [];
  for (const { name } of tables)
    texts.push(...(await raw.rows(`select t::text as row from "${name}" t`)).map(({ row }) => String(row)));
  await raw.close();
  return { rows: texts.join("\n") };
}
