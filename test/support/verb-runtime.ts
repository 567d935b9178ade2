import { createLivePolicy } from "../../src/access/live-policy.ts";
import { createSealer } from "../../src/crypto/seal.ts";
import { createLimiter } from "../../src/limits/limiter.ts";
import { admit } from "../../src/login/admit.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import type { UserInfo } from "../../src/model/user-info.ts";
import { createOutbound } from "../../src/oauth/outbound.ts";
import { createOperation } from "../../src/operation/operation.ts";
import type { PosternOptions, Settings } from "../../src/options.ts";
import { checkOptions } from "../../src/options-check.ts";
import { connect } from "../../src/providers/connect.ts";
import type { Runtime } from "../../src/runtime.ts";
import { createSessionCache } from "../../src/sessions/session-cache.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { rehearsalProviders, SECRET } from "./back-office.ts";

/** What verbs work with, on a real store and without any door: for tests that run thousands of them. */
export type VerbRuntime = Awaited<ReturnType<typeof openVerbRuntime>>;

export interface VerbRuntimeOptions {
  readonly database: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly options?: Partial<PosternOptions>;
}

/** Opens the store and brings it up to date. To be closed by `store.close()`. */
export async function openVerbRuntime({ database, now, options = {} }: VerbRuntimeOptions) {
  const settings = checkOptions({
    publicUrl: "http://localhost:4180",
    secret: SECRET,
    database,
    providers: rehearsalProviders("http://localhost:4181"),
    now,
    log: SILENT_LOG,
    limits: false,
    ...options,
  });
  const store = await openStore(database, { now, log: SILENT_LOG });
  await store.migrate();
  return {
    settings,
    store,
    providers: connected(settings),
    policy: createLivePolicy(settings, store),
    sessionCache: createSessionCache({ signals: store.signals }),
    sealer: createSealer(settings.secrets),
    limits: createLimiter({ settings, store, now, log: SILENT_LOG }),
    operation: createOperation({ store, log: SILENT_LOG }),
    now,
    log: SILENT_LOG,
  };
}

/** The same house after its configuration has changed: settings, and what is decided by them. */
export function reconfigured(runtime: VerbRuntime, change: Partial<VerbRuntime["settings"]>): VerbRuntime {
  const settings = { ...runtime.settings, ...change };
  const policy = createLivePolicy(settings, runtime.store);
  return { ...runtime, settings, policy, providers: connected(settings) };
}

/** Nothing answers at their addresses. */
function connected({ providers, now }: Pick<Settings, "providers" | "now">): Runtime["providers"] {
  const outbound = createOutbound({ allowedHosts: new Set(), now, log: SILENT_LOG });
  const parts = { outbound, now, log: SILENT_LOG, usedChecks: async () => [] };
  return new Map(providers.map((definition) => [definition.id, connect(definition, parts)]));
}

/** Somebody arrives from a provider that vouches for `name@demo.example`. */
export function arrive(
  runtime: VerbRuntime,
  name: string,
  {
    provider = "rehearsal",
    cookies = null,
    invitation = null,
    ...over
  }: Partial<UserInfo> & ArrivalOptions = {},
) {
  const userInfo = userInfoOf(name, over);
  const visit = { cookies, userAgent: "a test", address: "192.0.2.1" };
  return admit(runtime, { provider, userInfo, facts: [], visit, invitation });
}

/** What a provider says about somebody. */
export function userInfoOf(name: string, over: Partial<UserInfo> = {}): UserInfo {
  return {
    issuer: "http://localhost:4181",
    subject: `subject-of-${name}`,
    handle: name,
    name,
    email: `${name}@demo.example`,
    emailVerified: true,
    picture: null,
    groups: null,
    subjectAliases: [],
    claims: {},
    ...over,
  };
}

interface ArrivalOptions {
  /** Provider instance. Default `rehearsal`. */
  readonly provider?: string;
  /** The `Cookie` header. Default none. */
  readonly cookies?: string | null;
  /** SHA-256 of the token of the invitation that they bring along. Default none. */
  readonly invitation?: string | null;
}
