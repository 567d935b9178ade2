import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MOST_REQUESTS_PER_HOUR } from "../../src/model/access-request.ts";
import { askForAccess } from "../../src/requests/ask-for-access.ts";
import { PROOF_LIFETIME, type RequestProof } from "../../src/requests/request-proof.ts";
import { Person } from "../../src/testing/person.ts";
import { localPathOrHome } from "../../src/web/return-to.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, type VerbRuntime } from "../support/verb-runtime.ts";
import { allEvents, ENGINES, openStage, type Stage } from "./stage.ts";

const COOKIE = "postern-access-request";

describe.each(ENGINES)("asking for access on %s", (engine) => {
  let stage: Stage;
  let mallory: Person;
  let nonce: string;
  beforeEach(async () => {
    stage = await openStage({
      engine,
      options: { access: [{ when: { provider: "rehearsal" }, then: "ask" }] },
    });
    mallory = new Person(stage.office.url);
    nonce = nonceOf(await mallory.signIn("rehearsal", "mallory").then((response) => response.text()));
    return () => stage.close();
  });

  const post = (person: Person, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    person.post("/auth/request-access", fields, headers);
  const expectNothingKept = async () => {
    expect(await stage.office.door.requests.list()).toEqual([]);
    expect((await allEvents(stage)).filter(({ action }) => action === "access_request.created")).toEqual([]);
  };

  test("without a proof, with a changed one, or with one that was sealed for something else", async () => {
    const proof = mallory.jar.get(COOKIE) ?? "";
    await mallory.start("rehearsal");
    const transaction = /postern-tx-[^=]+=([^;]+)/.exec(mallory.jar.header())?.[1];
    const browser = /postern-browser=([^;]+)/.exec(mallory.jar.header())?.[1];
    const bare = { cookie: "" };
    expect((await post(mallory, { for: nonce }, bare)).status).toBe(400);
    const forged = [transaction, browser, `${proof}A`, proof.replace("v1.", "v2."), "", "null"];
    for (const value of forged) {
      expect(value).toEqual(expect.any(String));
      const response = await post(mallory, { for: nonce }, { cookie: `${COOKIE}=${value}` });
      expect([value, response.status]).toEqual([value, 400]);
    }
    await expectNothingKept();
  });

  test("CWE-352: with the form of one person and the proof of another", async () => {
    const bo = new Person(stage.office.url);
    const other = nonceOf(await bo.signIn("rehearsal", "bo").then((response) => response.text()));
    expect((await post(bo, { for: nonce })).status).toBe(400);
    expect((await post(mallory, { for: other })).status).toBe(400);
    expect((await post(mallory, {})).status).toBe(400);
    await expectNothingKept();
  });

  test("from another site, or with a page of ours in a frame of another", async () => {
    for (const headers of [
      { origin: "https://evil.test", "sec-fetch-site": "cross-site" },
      { origin: "null", "sec-fetch-site": "cross-site" },
    ])
      expect((await post(mallory, { for: nonce }, headers)).status).toBe(403);
    await expectNothingKept();
  });

  test("with a proof that has expired", async () => {
    stage.passTime(PROOF_LIFETIME + 1_000);
    expect((await post(mallory, { for: nonce })).status).toBe(400);
    expect((await mallory.request("/auth/request-access")).headers.get("location")).toBe("/auth/sign-in");
    await expectNothingKept();
  });

  test("with a proof that was used before: once more after a refusal takes a new sign-in", async () => {
    const { requests } = stage.office.door;
    await post(mallory, { for: nonce, note: "first" });
    const [request] = await requests.list();
    await requests.decline(request?.id ?? "", "no", "cli:test@here");
    expect((await post(mallory, { for: nonce, note: "second" })).status).toBe(303);
    await requests.reopen(request?.id ?? "", "cli:test@here");
    expect((await post(mallory, { for: nonce, note: "third" })).status).toBe(400);
    expect(await requests.list()).toMatchObject([{ id: request?.id, note: "first", status: "declined" }]);
  });

  test("ten times at once, from two browsers: one request, one event", async () => {
    const second = new Person(stage.office.url);
    const other = nonceOf(await second.signIn("rehearsal", "mallory").then((response) => response.text()));
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 2 === 0 ? post(mallory, { for: nonce }) : post(second, { for: other }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(303));
    expect(await stage.office.door.requests.list()).toHaveLength(1);
    const created = (await allEvents(stage)).filter(({ action }) => action === "access_request.created");
    expect(created).toHaveLength(1);
  });

  test("with a note that is too long, or full of what cannot be seen", async () => {
    expect((await post(mallory, { for: nonce, note: "𠮷".repeat(501) })).status).toBe(413);
    await expectNothingKept();
    const note = `a\0b\u202Ec\u0007\r\n${"𠮷".repeat(496)}`;
    expect((await post(mallory, { for: nonce, note })).status).toBe(303);
    const [request] = await stage.office.door.requests.list();
    expect(request?.note).toBe(`abc\n${"𠮷".repeat(496)}`);
  });

  test("and the proof opens nothing else", async () => {
    const proof = mallory.jar.get(COOKIE);
    const response = await mallory.request("/auth/session", {
      api: true,
      headers: { cookie: `postern=${proof}` },
    });
    expect(response.status).toBe(401);
    expect(await mallory.session()).toBeNull();
  });
});

describe("many who ask", () => {
  const folder = scratchFolder();
  let time = Date.UTC(2026, 10, 23);
  let runtime: VerbRuntime;
  beforeAll(async () => {
    runtime = await openVerbRuntime({
      database: folder.database("requests.db"),
      now: () => time,
      options: { access: [{ when: { provider: "rehearsal" }, then: "ask" }] },
    });
  });
  afterAll(async () => {
    await runtime.store.close();
    folder.remove();
  });

  const ask = (subject: string, provider = "rehearsal") =>
    askForAccess(runtime, proofOf(subject, provider, time), "", { address: "192.0.2.1" });

  test("one provider brings no more than so many in an hour, and other providers are not held up", async () => {
    for (let n = 0; n < MOST_REQUESTS_PER_HOUR; n++) expect((await ask(`flood-${n}`)).kind).toBe("pending");
    await expect(ask("one-too-many")).rejects.toMatchObject({
      code: "rate_limited",
      retryAfter: 10 * 60_000,
    });
    expect((await ask("flood-0")).kind).toBe("pending");
    expect((await ask("one-too-many", "github")).kind).toBe("pending");
    time += 60 * 60_000;
    expect((await ask("one-too-many")).kind).toBe("pending");
    expect(await runtime.store.accessRequests.list({ limit: 1000 })).toHaveLength(MOST_REQUESTS_PER_HOUR + 2);
  });

  test("another issuer's person of the same id gets nothing of an approval", async () => {
    await ask("subject-of-eve");
    const found = { provider: "rehearsal", issuer: "http://localhost:4181", subject: "subject-of-eve" };
    const request = await runtime.store.accessRequests.find(found);
    await runtime.store.transaction((tx) =>
      tx.accessRequests.decide(
        request?.id ?? "",
        { status: "pending", decidedAt: null },
        {
          status: "approved",
          decidedAt: time,
          decidedBy: "cli:test@here",
          role: "member",
          reason: null,
          askAgainAt: null,
        },
      ),
    );
    expect((await arrive(runtime, "eve", { issuer: "https://evil.test" })).kind).toBe("refused");
    expect((await arrive(runtime, "eve", { provider: "github" })).kind).toBe("refused");
    expect((await arrive(runtime, "eve", { subject: "Subject-of-eve" })).kind).toBe("refused");
    expect((await arrive(runtime, "eve")).kind).toBe("admitted");
  });

  test("whoever was deleted after they asked inherits nothing from an approval", async () => {
    const since = { ...proofOf("subject-of-zoe", "rehearsal", time), userId: "usr_deleted" };
    await askForAccess(runtime, since, "", { address: null });
    const request = await runtime.store.accessRequests.find(since);
    const approved = {
      status: "approved",
      decidedAt: time,
      decidedBy: "cli:test@here",
      role: "admin",
      reason: null,
      askAgainAt: null,
    } as const;
    await runtime.store.transaction((tx) =>
      tx.accessRequests.decide(request?.id ?? "", { status: "pending", decidedAt: null }, approved),
    );
    expect(await arrive(runtime, "zoe")).toMatchObject({
      kind: "refused",
      code: "not_allowed",
      applicant: { standing: { kind: "may-ask" } },
    });
  });
});

function proofOf(subject: string, provider: string, now: number): RequestProof {
  return {
    nonce: `${provider}-${subject}-${now}`,
    provider,
    issuer: "http://localhost:4181",
    subject,
    subjectAliases: [],
    userId: null,
    handle: null,
    name: null,
    email: null,
    emailVerified: null,
    returnTo: localPathOrHome("/"),
    expiresAt: now + PROOF_LIFETIME,
  };
}

/** What the form is about. */
function nonceOf(body: string): string {
  const nonce = /name="for" value="([^"]+)"/.exec(body)?.[1];
  if (nonce === undefined) throw new Error(`there is no form: ${body}`);
  return nonce;
}
