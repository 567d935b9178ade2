import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inject } from "vitest";
import type { PosternOptions } from "../../src/index.ts";
import { apple } from "../../src/providers/apple.ts";
import { github } from "../../src/providers/github.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import type { Engine } from "../attacks/stage.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import type { Secret } from "../support/heard-secrets.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { startWiretap, type Wiretap } from "../support/wiretap.ts";

export const FRONT_END = "https://app.example.com";

/** A back office with all that it can do switched on, and somebody who hears every word that goes in and out. */
export interface Run {
  readonly rehearsal: Rehearsal;
  readonly office: BackOffice;
  /** Browsers and the provider's server come by here. */
  readonly officeTap: Wiretap;
  /** So do the back office and browsers on their way to the provider. */
  readonly providerTap: Wiretap;
  readonly receiver: WebhookReceiver;
  readonly database: string;
  /** Where a route of the application takes API keys. */
  readonly machinesUrl: string;
  /** Secrets that no wire tells of. */
  readonly told: Secret[];
  /** The secrets of the server, newest first. */
  readonly secrets: readonly string[];
  /** What the command line was given for a configuration. */
  readonly options: PosternOptions;
  /** What commands printed, by their words. */
  readonly printed: Record<string, string>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the clock of everybody on, in milliseconds. */
  passTime(milliseconds: number): void;
  newPerson(): Person;
  close(): Promise<void>;
}

/** 256 bits that nobody else has. */
export function random(): string {
  return randomBytes(32).toString("base64url");
}

/** Opens everything; nothing has happened yet. */
export async function openRun(engine: Engine): Promise<Run> {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const [folder, receiver] = [scratchFolder(), await startWebhookReceiver()];
  const [officeTap, providerTap] = [await startWiretap(), await startWiretap()];
  const clients = [
    { clientId: "back-office", clientSecret: random() },
    { clientId: "com.example.web", clientSecret: "" },
  ];
  const rehearsal = await startRehearsal({ now, publicUrl: providerTap.url, clients });
  providerTap.leadTo(`http://127.0.0.1:${rehearsal.port}`);
  const [password, secrets] = [random(), [random(), random()]];
  const database = engine === "postgres" ? await postgresWith(password) : folder.database("everything.db");
  const metricsToken = random();
  const hook = { address: random(), secret: `whsec_${randomBytes(32).toString("base64")}` };
  const options: PosternOptions = {
    ...(await everything(rehearsal, clients[0]?.clientSecret ?? "")),
    publicUrl: officeTap.url,
    secret: secrets,
    database,
    metrics: { token: metricsToken },
    webhook: { url: `${receiver.url}/${hook.address}`, secret: hook.secret },
  };
  const office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    database,
    options: { ...options, now },
  });
  officeTap.leadTo(office.url);
  const machines = await openMachines(office);
  const told: Secret[] = [
    ...secrets.map((value) => ({ kind: "secret of the server", value }) as const),
    { kind: "webhook secret", value: hook.secret },
    { kind: "webhook address", value: hook.address },
    { kind: "token for metrics", value: metricsToken },
    ...(engine === "postgres" ? [{ kind: "password of the database", value: password } as const] : []),
  ];
  return {
    ...{ rehearsal, office, officeTap, providerTap, receiver, database, told, secrets, options, now },
    machinesUrl: machines.url,
    printed: {},
    passTime: (milliseconds) => {
      ahead += milliseconds;
    },
    newPerson: () => new Person(officeTap.url),
    async close() {
      await machines.close();
      await office.close();
      for (const one of [officeTap, providerTap, receiver, rehearsal]) await one.close();
      folder.remove();
    },
  };
}

/** The server trusts everybody on this machine, so that any password will do. */
async function postgresWith(password: string): Promise<string> {
  const url = new URL(await freshDatabase(inject("postgresUrl")));
  url.password = password;
  return url.href;
}

async function everything(rehearsal: Rehearsal, clientSecret: string) {
  const client = { clientId: "back-office", clientSecret, keepTokens: true };
  return {
    providers: [
      oidc({
        id: "rehearsal",
        name: "Rehearsal",
        issuer: rehearsal.issuer,
        apiUrl: rehearsal.url,
        userInfo: "always",
        ...client,
      }),
      github({ baseUrl: rehearsal.githubUrl, ...client }),
      apple({
        clientId: "com.example.web",
        teamId: "TEAM123456",
        keyId: "KEY1234567",
        privateKey: (await rehearsal.applicationKeys.ec()).privateKey,
        baseUrl: rehearsal.lookAlikes["form-post"],
        keepTokens: true,
      }),
    ],
    owners: ["rehearsal:ada@demo.example"],
    roles: { support: ["orders.read"], lead: ["orders.read", "orders.refund"] },
    access: [
      { when: { email: "grace@demo.example" }, then: "allow", roles: ["admin"] },
      { when: { emailDomain: "demo.example" }, then: "allow", roles: ["lead"] },
      { when: { email: "mallory@elsewhere.example" }, then: "ask" },
    ],
    signOut: { rehearsal: { frontChannel: true } },
    allowedOrigins: [FRONT_END],
    tokens: { audiences: ["orders-api"] },
    refreshLease: 100,
  } as const satisfies PosternOptions;
}

/** A server of the application's own whose one route lets machines pass. */
async function openMachines({ door }: BackOffice) {
  const guard = door.requirePermission("orders.read", { apiKeys: true });
  const server = createServer(async (request, response) => {
    const caller = await guard(request, response);
    if (caller !== null) response.end(JSON.stringify(caller));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
