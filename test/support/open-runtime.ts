import { sha256 } from "../../src/crypto/hash.ts";
import { newId, randomToken } from "../../src/crypto/random.ts";
import type { PosternOptions } from "../../src/options.ts";
import { closeRuntime, openRuntime } from "../../src/postern.ts";
import { github } from "../../src/providers/github.ts";
import type { Runtime } from "../../src/runtime.ts";
import { SECRET } from "./back-office.ts";
import { scratchFolder } from "./scratch-folder.ts";

/** The inside of a back office without a server, on an SQLite file of its own and a clock that stands still. */
export interface TestRuntime {
  readonly runtime: Runtime;
  /** Moves the clock on, in milliseconds. */
  passTime(milliseconds: number): void;
  /** Somebody new with these roles given by hand and a session; answers their id and their `Cookie` header. */
  signIn(...roles: readonly string[]): Promise<{ readonly userId: string; readonly cookie: string }>;
  close(): Promise<void>;
}

const START = Date.UTC(2030, 0, 1);

export async function openTestRuntime(options: Partial<PosternOptions> = {}): Promise<TestRuntime> {
  let now = START;
  const folder = scratchFolder();
  const runtime = await openRuntime({
    publicUrl: "https://admin.example.com",
    secret: SECRET,
    database: folder.database("postern.db"),
    providers: [github({ clientId: "client-1", clientSecret: "secret-of-the-client" })],
    now: () => now,
    ...options,
  });
  return {
    runtime,
    passTime: (milliseconds) => {
      now += milliseconds;
    },
    signIn: (...roles) => signIn(runtime, roles),
    async close() {
      await closeRuntime(runtime);
      folder.remove();
    },
  };
}

async function signIn({ store, settings, now: clock }: Runtime, roles: readonly string[]) {
  const now = clock();
  const secret = randomToken();
  const [userId, identityId] = [newId("usr_", now), newId("idn_", now)];
  const shared = { provider: "github", userId, createdAt: now };
  await store.transaction(async (tx) => {
    await tx.users.insert({
      id: userId,
      name: "Ana",
      email: null,
      picture: null,
      status: "active",
      createdAt: now,
      lastSignInAt: now,
    });
    await tx.identities.insert({
      ...shared,
      id: identityId,
      issuer: "https://github.com",
      subject: userId,
      handle: "ana",
      email: null,
      emailVerified: null,
      lastUsedAt: now,
    });
    for (const role of roles) await tx.grants.insert({ userId, role, source: "direct", createdAt: now });
    await tx.sessions.insert({
      ...shared,
      id: newId("ses_", now),
      identityId,
      secretHash: sha256(secret),
      authenticatedAt: now,
      lastSeenAt: now,
      expiresAt: now + settings.session.absolute,
      userAgent: null,
      address: null,
    });
  });
  return { userId, cookie: `${settings.cookies.session}=${secret}` };
}
