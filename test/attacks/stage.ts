import { expect, inject } from "vitest";
import { ERRORS } from "../../src/errors.ts";
import type { AuditEvent, ErrorCode, PosternOptions } from "../../src/index.ts";
import type { RehearsalOptions } from "../../src/rehearsal/options.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { type BackOffice, rehearsalProviders, startBackOffice } from "../support/back-office.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

export const ENGINES = ["sqlite", "postgres"] as const;
export type Engine = (typeof ENGINES)[number];

/** Both kinds of provider, as the back office calls them. */
export const PROVIDERS = ["rehearsal", "github"] as const;

/** A back office, a provider, one clock for both, and everything needed to look behind the doors. */
export interface Stage {
  readonly rehearsal: Rehearsal;
  readonly office: BackOffice;
  /** Where the office keeps everything. */
  readonly database: string;
  /** Moves the clock of office and provider on, in milliseconds. */
  passTime(milliseconds: number): void;
  /** Another instance on the same database and the same clock. It ends with the stage. */
  openOffice(options?: Partial<PosternOptions>): Promise<BackOffice>;
  /** Ends the provider's server, as when its process is gone. */
  endProvider(): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly engine?: Engine;
  readonly options?: Partial<PosternOptions>;
  readonly rehearsal?: RehearsalOptions;
  /** Other providers than the usual two, by where the rehearsal provider is. */
  readonly providers?: (rehearsalUrl: string) => PosternOptions["providers"];
}

export async function openStage({
  engine = "sqlite",
  options,
  rehearsal,
  providers = rehearsalProviders,
}: StageOptions = {}): Promise<Stage> {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const folder = scratchFolder();
  const database =
    engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("postern.db");
  const provider = await startRehearsal({ now, ...rehearsal });
  const offices: BackOffice[] = [];
  const openOffice = async (more: Partial<PosternOptions> = {}) => {
    const office = await startBackOffice({
      rehearsalUrl: provider.url,
      database,
      // Attacks come by the thousand here, and each must be refused for what it is; limits have a file of their own.
      options: { now, providers: providers(provider.url), limits: false, ...options, ...more },
    });
    offices.push(office);
    return office;
  };
  let ended: Promise<void> | null = null;
  const endProvider = () => {
    ended ??= provider.close();
    return ended;
  };
  return {
    rehearsal: provider,
    office: await openOffice(),
    database,
    passTime: (milliseconds) => {
      ahead += milliseconds;
    },
    openOffice,
    endProvider,
    async close() {
      for (const office of offices) await office.close();
      await endProvider();
      folder.remove();
    },
  };
}

/** What an action brought about. */
export interface Observation {
  readonly response: Response;
  readonly body: string;
  /** What the audit log tells of it, oldest first. */
  readonly events: readonly AuditEvent[];
  /** Requests that the provider's back channel got meanwhile. */
  readonly backChannel: number;
}

/** Does something and looks at what came of it. Only for one thing at a time. */
export async function observe(
  stage: Pick<Stage, "office" | "rehearsal">,
  act: () => Promise<Response>,
): Promise<Observation> {
  const known = new Set((await allEvents(stage)).map(({ id }) => id));
  const asked = backChannelRequests(stage.rehearsal);
  const response = await act();
  const body = await response.clone().text();
  const events = (await allEvents(stage)).filter(({ id }) => !known.has(id)).reverse();
  return { response, body, events, backChannel: backChannelRequests(stage.rehearsal) - asked };
}

/** Newest first. */
export function allEvents({ office }: Pick<Stage, "office">): Promise<readonly AuditEvent[]> {
  return office.door.audit.list({ limit: 1000 });
}

function backChannelRequests({ requests }: Rehearsal): number {
  return requests.token + requests.userinfo + requests["github.token"] + requests["github.user"];
}

/** The promise of every refused sign-in: its page, its reference, one event with the cause, and no session. */
export function expectRefused(
  { response, body, events }: Observation,
  expected: { readonly code: ErrorCode; readonly cause: string | RegExp },
): void {
  expect({
    status: response.status,
    causes: events.map(({ reason, detail }) => [reason, detail.cause]),
  }).toEqual({
    status: ERRORS[expected.code].status,
    causes: [
      [
        expected.code,
        typeof expected.cause === "string" ? expected.cause : expect.stringMatching(expected.cause),
      ],
    ],
  });
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const [event] = events;
  expect(event?.action).toBe(expected.code === "access_denied_by_user" ? "login.cancelled" : "login.failed");
  expect(event?.reference).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
  expect(body).toContain(event?.reference);
  expect(sessionCookieOf(response)).toBeNull();
}

/** The value of a session cookie that an answer sets, `null` when it sets none. */
export function sessionCookieOf(response: Response): string | null {
  for (const line of response.headers.getSetCookie()) {
    const value = /^(?:__Host-)?postern=([^;]*)/.exec(line)?.[1];
    if (value !== undefined && value !== "") return value;
  }
  return null;
}
