import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { runBuiltCommand, writeConfig } from "../command-line.ts";
import { openTestRuntime } from "../open-runtime.ts";
import type { RedisServer } from "../redis.ts";
import { ACTS, type Act } from "./acts.ts";
import { type Checker, startChecker } from "./checker.ts";
import { machineTimeOf } from "./clock.ts";
import { type GuardedOffice, startGuardedOffice } from "./guarded-office.ts";
import { newSubject, type Origin, type Subject } from "./subject.ts";

/** Three applications on one database, each asked 200 times a second for the people in `subjects`. */
export interface RevocationStage {
  readonly database: string;
  readonly redis: RedisServer | null;
  readonly offices: readonly GuardedOffice[];
  readonly checkers: readonly Checker[];
  readonly subjects: Set<Subject>;
  /** Somebody new, signed in, with the role that the route asks for. */
  signIn(act: Act, origin: Origin): Promise<Subject>;
  /** Puts somebody out, from one of the applications or by the built command; answers when that had returned. */
  putOut(subject: Subject, office: number): Promise<number>;
  close(): Promise<void>;
}

const OFFICES = 3;

/** Needs `npm run build` for the command line. */
export async function openRevocationStage(
  database: string,
  redis: RedisServer | null,
): Promise<RevocationStage> {
  const folder = mkdtempSync(join(tmpdir(), "postern-revocation-"));
  const { runtime, signIn, close } = await openTestRuntime({
    database,
    autoMigrate: true,
    now: Date.now,
    publicUrl: "http://localhost:1",
    roles: { support: ["orders.read"] },
    ...(redis !== null && { redis: redis.url }),
  });
  const more = redis === null ? "" : `redis: ${JSON.stringify(redis.url)},`;
  const config = writeConfig(folder, { database, rehearsalUrl: "http://localhost:1", from: "dist", more });
  const offices = await Promise.all(
    Array.from({ length: OFFICES }, () => startGuardedOffice({ database, redis: redis?.url })),
  );
  const subjects = new Set<Subject>();
  const checkers = offices.map((office, number) => startChecker(office, number, subjects));

  /** The moment that the audit event tells, which is within the transaction: a little before it was committed. */
  async function putOutByCommand({ act, userId, sessionId }: Subject): Promise<number> {
    const { command, event } = ACTS[act];
    const result = await runBuiltCommand([...command(userId), "--config", config]);
    if (result.code !== 0) throw new Error(`postern ${command(userId).join(" ")}: ${result.stderr}`);
    const target = act === "sign out" ? sessionId : userId;
    const [told] = await runtime.store.audit.list({ action: event, target, limit: 1 });
    if (told === undefined) throw new Error(`The audit log does not tell of "${act}".`);
    return machineTimeOf(told.at);
  }

  return {
    database,
    redis,
    offices,
    checkers,
    subjects,
    async signIn(act, origin) {
      const { userId, cookie } = await signIn("support");
      const [session] = await runtime.store.sessions.ofUser(userId);
      return newSubject({ act, origin, userId, sessionId: session?.id ?? "", cookie }, OFFICES);
    },
    async putOut(subject, number) {
      if (subject.origin === "command line") return putOutByCommand(subject);
      return (await freeOffice(offices, number)).putOut(subject.act, subject.userId);
    },
    async close() {
      for (const checker of checkers) checker.stop();
      await Promise.all(offices.map((office) => office.close()));
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The application with this number, or the next that takes orders. */
async function freeOffice(offices: readonly GuardedOffice[], number: number): Promise<GuardedOffice> {
  for (;;) {
    for (let next = 0; next < offices.length; next++) {
      const office = offices[(number + next) % offices.length];
      if (office?.takesOrders) return office;
    }
    await setTimeout(1);
  }
}
