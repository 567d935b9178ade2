import { beforeAll, describe, expect, test } from "vitest";
import type { MembershipAnswer } from "../model/membership.ts";
import type { UserInfo } from "../model/user-info.ts";
import { connect } from "../providers/connect.ts";
import type { ProviderDefinition } from "../providers/definition.ts";
import type { FinishResult } from "../providers/provider.ts";
import { createIdTokenSigner, type IdTokenSigner } from "./id-token-signer.ts";
import { type Answer, type Answers, type SentRequest, scriptedOutbound } from "./scripted-outbound.ts";

/** Use these in fixtures: whatever is secret among them must never show up in a log line, an error or an identity. */
export const SUITE = {
  clientId: "client-1",
  clientSecret: "canary-client-secret-7f3a",
  code: "canary-code-91bc",
  accessToken: "canary-access-token-55e0",
  refreshToken: "canary-refresh-token-20aa",
  appToken: "canary-app-token-c0de",
  /** For error descriptions: a provider's free text is kept nowhere. */
  freeText: "canary-free-text-0042",
  redirectUri: "https://admin.example.com/auth/callback/place",
  state: "S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP",
  nonce: "n0Kf3vB9sT6uY2hQ",
  codeVerifier: "canary-verifier-dBjftJeZ4CVP-mB92K27uhbUJU1p1r",
  /** `code_challenge` of the verifier. */
  codeChallenge: "XEwfdumV2853jLCetUHO4GN1AM8d1VubwCZgZGSL0C0",
  /** What the clock says, in milliseconds. */
  now: 1_795_083_200_000,
} as const;

/** What a preset is made with: the rest of `SUITE` is no option of any. */
export const CREDENTIALS = { clientId: SUITE.clientId, clientSecret: SUITE.clientSecret } as const;

/** Stands in a token answer for an ID token with the claims of `idToken`. */
export const ID_TOKEN = "fixture:id-token";
/** The provider's key set, as an answer. */
export const JWKS: Answer = { json: "fixture:jwks" };

/** What to change about the sign-in that works, and how it ends then. */
export interface ProviderCase {
  /** Default the one of the fixtures. */
  readonly make?: ProviderFixtures["make"];
  /** Laid over the answers that work. */
  readonly answers?: Answers;
  /** Laid over the claims that work; `undefined` removes one. */
  readonly idToken?: Readonly<Record<string, unknown>>;
  /** The callback's parameters beside `state`, instead of those that work. */
  readonly callback?: Readonly<Record<string, string>>;
  readonly ends:
    | "cancelled"
    | { readonly arrives: Partial<UserInfo> }
    | {
        readonly fails: {
          readonly code: Extract<FinishResult, { kind: "failed" }>["code"];
          readonly reason?: string;
          readonly providerCode?: string;
        };
      };
}

/** One question to a membership check, after the sign-in that works. */
export interface MembershipCase {
  /** The word that access rules use. */
  readonly check: string;
  readonly wanted: string;
  readonly answer: MembershipAnswer;
  readonly make?: ProviderFixtures["make"];
  readonly answers?: Answers;
  readonly idToken?: Readonly<Record<string, unknown>>;
}

/** A definition and what its provider says, as data. */
export interface ProviderFixtures {
  make(credentials: { readonly clientId: string; readonly clientSecret: string }): ProviderDefinition;
  /** The whole address that the browser is sent to, made of the values of `SUITE`. */
  readonly authorizeUrl: string;
  /** What the provider answers when all goes well. */
  readonly answers: Answers;
  /** Claims of the ID token beside `iss`, `aud`, `nonce`, `iat`, `exp`, which are right by themselves. */
  readonly idToken?: Readonly<Record<string, unknown>>;
  /** The callback's parameters beside `state`. Default the code of `SUITE`. */
  readonly callback?: Readonly<Record<string, string>>;
  /** What the provider makes of an answer before it sends it, such as one with a signature. Default: nothing. */
  readonly seal?: (body: string) => string;
  /** Who has arrived then; what is left out is not compared. */
  readonly arrives: Partial<UserInfo>;
  /** The requests that this takes, in order: `POST https://place.example/token`. Left out = not compared. */
  readonly asks?: readonly string[];
  /** Where the subject stands: members of a JSON answer (dotted paths), or claims of the ID token. */
  readonly subject:
    | { readonly answer: string; readonly paths: readonly string[] }
    | { readonly claims: readonly string[] };
  /** By name: errors, missing fields, cancellation. At least one cancels and one fails. */
  readonly cases: Readonly<Record<string, ProviderCase>>;
  /** For every check a yes and a no; for one that asks also a "cannot tell", for a paged one a yes on the second page. */
  readonly membership?: readonly MembershipCase[];
}

/**
 * What every provider definition promises, as one vitest suite that never leaves the process: the address it sends
 * people to, who arrives, every documented error as its kind, cancellation, ids, membership, and that no secret leaks.
 */
export function providerSuite(name: string, fixtures: ProviderFixtures): void {
  describe(name, () => {
    let signer: IdTokenSigner;
    beforeAll(async () => {
      const { idTokenAlgorithms } = fixtures.make(CREDENTIALS).checks;
      signer = await createIdTokenSigner(idTokenAlgorithms.length > 0 ? idTokenAlgorithms : ["RS256"]);
    });
    const open: OpenStage = (change = {}) => openStage(fixtures, signer, change);

    beginning(fixtures, open);
    arriving(fixtures, open);
    subjects(fixtures, open);
    cases(fixtures, open);
    membership(fixtures, open);
  });
}

/** What of the fixtures is different this time. */
type Change = Pick<ProviderCase, "make" | "answers" | "idToken" | "callback"> & {
  readonly usedChecks?: readonly string[];
};
type OpenStage = (change?: Change) => Stage;

/** One provider, connected to fixtures. */
interface Stage {
  readonly definition: ProviderDefinition;
  readonly sent: readonly SentRequest[];
  start(): Promise<URL>;
  /** From the start to the end, as a browser would. */
  signIn(): Promise<FinishResult>;
  /** Fails when anything secret stands in what was told or logged. */
  expectNoSecrets(...told: readonly unknown[]): void;
}

function openStage(fixtures: ProviderFixtures, signer: IdTokenSigner, change: Change): Stage {
  const definition = (change.make ?? fixtures.make)(CREDENTIALS);
  const secrets = new Set<string>([
    SUITE.clientSecret,
    SUITE.code,
    SUITE.accessToken,
    SUITE.refreshToken,
    SUITE.appToken,
    SUITE.freeText,
    SUITE.codeVerifier,
  ]);
  const lines: unknown[] = [];
  const write = (fields: object, message: string) => void lines.push({ ...fields, message });
  const claims = { ...fixtures.idToken, ...change.idToken };
  const { outbound, sent } = scriptedOutbound({ ...fixtures.answers, ...change.answers }, async (answer) => {
    if (answer.json === JWKS.json) return JSON.stringify(await signer.keySet());
    const written = answer.text ?? JSON.stringify(answer.json ?? null);
    const body = fixtures.seal?.(written) ?? written;
    if (!body.includes(ID_TOKEN)) return body;
    const token = await signer.sign({ ...standardClaims(definition), ...claims });
    secrets.add(token);
    return body.replaceAll(ID_TOKEN, token);
  });
  const provider = connect(definition, {
    outbound,
    now: () => SUITE.now,
    log: { debug: write, info: write, warn: write, error: write },
    usedChecks: async () => change.usedChecks ?? [],
  });
  const begin = () => provider.start({ ...START, userAgent: null });
  return {
    definition,
    sent,
    start: async () => (await begin()).url,
    async signIn() {
      const { keep } = await begin();
      const callback = change.callback ?? fixtures.callback ?? { code: SUITE.code };
      return provider.finish({
        ...START,
        ...(keep === undefined ? {} : { extra: keep }),
        parameters: new URLSearchParams({ state: SUITE.state, ...callback }),
      });
    },
    expectNoSecrets(...told) {
      const text = JSON.stringify([told, lines]);
      for (const secret of secrets) expect(text).not.toContain(secret);
    },
  };
}

const START = {
  redirectUri: SUITE.redirectUri,
  state: SUITE.state,
  nonce: SUITE.nonce,
  codeVerifier: SUITE.codeVerifier,
};

function standardClaims(definition: ProviderDefinition): Readonly<Record<string, unknown>> {
  return {
    iss: definition.idTokenIssuers[0] ?? definition.issuer,
    aud: definition.clientId,
    ...(definition.checks.nonce === false ? {} : { nonce: SUITE.nonce }),
    iat: SUITE.now / 1000,
    exp: SUITE.now / 1000 + 3600,
  };
}

function beginning(fixtures: ProviderFixtures, open: OpenStage): void {
  test("finds nothing wrong with good options, and shows no secret when it is printed", () => {
    const { definition } = open();
    expect(definition.problems()).toEqual([]);
    expect(JSON.stringify(definition)).not.toContain(SUITE.clientSecret);
  });

  test("sends people to the right address", async () => {
    const stage = open();
    expect((await stage.start()).href).toBe(fixtures.authorizeUrl);
    stage.expectNoSecrets(fixtures.authorizeUrl);
  });
}

function arriving(fixtures: ProviderFixtures, open: OpenStage): void {
  test("tells who has arrived", async () => {
    const stage = open();
    const result = await stage.signIn();
    expect(result).toMatchObject({ kind: "arrived", userInfo: fixtures.arrives });
    if (fixtures.asks !== undefined) expect(stage.sent.map(({ key }) => key)).toEqual(fixtures.asks);
    if (result.kind === "arrived") stage.expectNoSecrets(result.userInfo);
    const shape = stage.definition.subjectShape?.pattern;
    if (shape !== undefined)
      expect(result).toMatchObject({ userInfo: { subject: expect.stringMatching(shape) } });
  });
}

function subjects({ subject, answers, idToken }: ProviderFixtures, open: OpenStage): void {
  if ("claims" in subject) {
    test.each([null, "", {}, ["x"], true])("nobody arrives with %j as id", async (value) => {
      const claims = Object.fromEntries(subject.claims.map((claim) => [claim, value]));
      const stage = open({ idToken: { ...idToken, ...claims } });
      expect(await stage.signIn()).toMatchObject({ kind: "failed" });
    });
    return;
  }
  const withId = (id: string) => {
    const given = answers[subject.answer] ?? [];
    const answer = [given].flat();
    const last = answer.at(-1);
    const text = writeAt(last?.json, subject.paths, id);
    const changed = { ...last, text, headers: { "content-type": "application/json" } };
    return open({ answers: { [subject.answer]: [...answer.slice(0, -1), changed] } });
  };
  test.each(["null", '""', "{}", '["x"]', "true", "NaN", "1.5"])(
    "nobody arrives with %s as id",
    async (id) => {
      expect(await withId(id).signIn()).toMatchObject({ kind: "failed" });
    },
  );
  test("a number and the text of its digits are one subject, beyond 2^53 too", async () => {
    for (const digits of ["583231", "9007199254740993"]) {
      const number = await withId(digits).signIn();
      const text = await withId(`"${digits}"`).signIn();
      expect(number).toMatchObject({
        kind: "arrived",
        userInfo: { subject: expect.stringContaining(digits) },
      });
      expect(text).toMatchObject({
        userInfo: { subject: number.kind === "arrived" && number.userInfo.subject },
      });
    }
  });
}

/** JSON with the raw value at each of the paths. */
function writeAt(body: unknown, paths: readonly string[], raw: string): string {
  const copy: unknown = JSON.parse(JSON.stringify(body ?? null));
  for (const path of paths) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    const holder = names.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], copy);
    (holder as Record<string, unknown>)[last] = HERE;
  }
  return JSON.stringify(copy).replaceAll(`"${HERE}"`, raw);
}

const HERE = "fixture:id-stands-here";

function cases(fixtures: ProviderFixtures, open: OpenStage): void {
  const all = Object.entries(fixtures.cases);
  test("the fixtures hold a cancellation and a failure", () => {
    expect(all.filter(([, { ends }]) => ends === "cancelled")).not.toEqual([]);
    expect(all.filter(([, { ends }]) => ends !== "cancelled" && "fails" in ends)).not.toEqual([]);
  });

  test.each(all)("%s", async (_name, change) => {
    const stage = open(change);
    const result = await stage.signIn();
    const { ends } = change;
    if (ends === "cancelled") expect(result).toEqual({ kind: "cancelled" });
    else if ("arrives" in ends) expect(result).toMatchObject({ kind: "arrived", userInfo: ends.arrives });
    else expect(result).toMatchObject(failed(ends.fails));
    stage.expectNoSecrets(result.kind === "arrived" ? result.userInfo : result);
  });
}

function failed({ code, reason, providerCode }: { code: string; reason?: string; providerCode?: string }) {
  return {
    kind: "failed",
    code,
    ...(reason === undefined ? {} : { reason }),
    ...(providerCode === undefined ? {} : { detail: { providerCode } }),
  };
}

function membership(fixtures: ProviderFixtures, open: OpenStage): void {
  const questions = fixtures.membership ?? [];
  const ask = async (question: MembershipCase) => {
    const stage = open({ ...question, usedChecks: [question.check] });
    const result = await stage.signIn();
    if (result.kind !== "arrived") throw new Error(`Nobody arrived: ${JSON.stringify(result)}`);
    const before = stage.sent.length;
    const answer = await result.belongs(question.check, question.wanted);
    stage.expectNoSecrets(answer);
    return { answer, requests: stage.sent.length - before };
  };

  test("the fixtures hold a question for every answer of every check, and a second page", async () => {
    for (const [check, { request, paging }] of Object.entries(fixtures.make(CREDENTIALS).membership ?? {})) {
      const own = questions.filter((question) => question.check === check);
      const answers: readonly MembershipAnswer[] =
        request === undefined ? ["yes", "no"] : ["yes", "no", "cannot_tell"];
      const missing = answers.filter((answer) => !own.some((question) => question.answer === answer));
      expect(missing, `${check} is never asked for these`).toEqual([]);
      if (paging === undefined) continue;
      const found = await Promise.all(own.filter(({ answer }) => answer === "yes").map(ask));
      expect(
        found.some(({ requests }) => requests > 1),
        `${check}: a yes on the second page`,
      ).toBe(true);
    }
  });

  test.each(
    questions.map((question) => [question.check, question.wanted, question.answer, question] as const),
  )("%s %s: %s", async (_check, _wanted, answer, question) => {
    expect((await ask(question)).answer).toBe(answer);
  });

  test("what a check needs is asked for at sign-in only when a rule uses it", async () => {
    for (const [check, { scopes = [] }] of Object.entries(fixtures.make(CREDENTIALS).membership ?? {})) {
      const asked = decodeURIComponent((await open({ usedChecks: [check] }).start()).search);
      for (const scope of scopes) expect(asked).toContain(scope);
    }
  });
}
