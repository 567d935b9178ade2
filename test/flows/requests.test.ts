import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AccessRequest, PosternOptions } from "../../src/index.ts";
import { Person } from "../../src/testing/person.ts";
import { allEvents, ENGINES, openStage, type Stage, sessionCookieOf } from "../attacks/stage.ts";

const DAY = 24 * 60 * 60 * 1_000;
const ASK: Partial<PosternOptions> = {
  access: [
    { when: { email: "bo@demo.example" }, then: "deny" },
    { when: { provider: "rehearsal" }, then: "ask" },
  ],
};

describe.each(ENGINES)("requests for access on %s", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine, options: ASK });
  });
  afterAll(() => stage.close());

  const requests = () => stage.office.door.requests;
  const openRequest = async (): Promise<AccessRequest> => {
    const [request, ...others] = await requests().list({ status: "pending" });
    if (request === undefined || others.length > 0) throw new Error("not exactly one request is open");
    return request;
  };
  const arrive = async (persona: string, returnTo = "/orders") => {
    const person = new Person(stage.office.url);
    const response = await person.signIn("rehearsal", persona, { returnTo });
    return { person, response, body: await response.text() };
  };
  const ask = async ({ person, body }: { person: Person; body: string }, note = "") => {
    const response = await person.post("/auth/request-access", { for: nonceOf(body) ?? "", note });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/auth/request-access"]);
    return (await person.request("/auth/request-access")).text();
  };

  test("asked with a note, approved, told, and in; the role stays theirs", async () => {
    const mallory = await arrive("mallory");
    expect(mallory.response.status).toBe(403);
    expect(mallory.body).toContain("Ask for access to Back Office");
    expect(sessionCookieOf(mallory.response)).toBeNull();
    expect(await ask(mallory, "I count\r\nthe <b>stock</b>.")).toContain("Your request was sent on");

    const request = await openRequest();
    expect(request).toMatchObject({
      provider: "rehearsal",
      note: "I count\nthe <b>stock</b>.",
      status: "pending",
      userId: null,
    });
    expect(await stage.office.door.users.find("mallory@demo.example")).toEqual([]);

    const again = await arrive("mallory");
    expect(again.response.status).toBe(403);
    expect(again.body).toContain("Your request was sent on");
    expect(nonceOf(again.body)).toBeNull();

    await requests().approve(request.id, "member", "cli:test@here", "knows the stock");
    expect(await (await again.person.request("/auth/request-access")).text()).toContain("was approved");

    const first = await arrive("mallory");
    expect(first.response.status).toBe(200);
    expect(first.body).toContain("Welcome to Back Office");
    expect(first.body).toContain('href="/orders"');
    expect((await first.person.session())?.user.roles).toEqual(["member"]);
    const second = await arrive("mallory");
    expect([second.response.status, second.response.headers.get("location")]).toEqual([303, "/orders"]);

    const events = (await allEvents(stage)).filter(({ action }) => action.startsWith("access_request."));
    expect(events.map(({ action, actor, target }) => [action, actor, target]).reverse()).toEqual([
      ["access_request.created", "anonymous", request.id],
      ["access_request.approved", "cli:test@here", request.id],
    ]);
    const granted = (await allEvents(stage)).find(({ action }) => action === "role.granted");
    expect(granted?.detail).toMatchObject({ accessRequest: request.id, grantedBy: "cli:test@here" });

    // Taken away, the approval gives it no second time: they may ask anew.
    const [user] = await stage.office.door.users.find(granted?.target ?? "");
    await stage.office.door.users.revoke(user?.id ?? "", "member", "cli:test@here");
    const out = await arrive("mallory");
    expect([out.response.status, nonceOf(out.body)]).toEqual([403, expect.any(String)]);
    await ask(out);
    expect(await openRequest()).toMatchObject({ userId: user?.id });
    await requests().decline((await openRequest()).id, "no more", "cli:test@here");
  });

  test("declined with a reason, which is shown as text; asked once more after 30 days, or when it is reopened", async () => {
    const grace = await arrive("grace");
    await ask(grace, "please");
    const { id } = await openRequest();
    await requests().decline(id, "No <script>alert(1)</script>\nAsk Maria.", "cli:test@here");
    await expect(requests().decline(id, "twice", "cli:test@here")).rejects.toMatchObject({
      code: "request_decided",
    });

    const told = await arrive("grace");
    expect(told.response.status).toBe(403);
    expect(told.body).toContain("Your request was declined");
    expect(told.body).toContain("No &lt;script&gt;alert(1)&lt;/script&gt;");
    expect(told.body).toContain("Ask Maria.");
    expect(nonceOf(told.body)).toBeNull();

    stage.passTime(30 * DAY - 60_000);
    expect(nonceOf((await arrive("grace")).body)).toBeNull();
    stage.passTime(120_000);
    await ask(await arrive("grace"), "please, again");
    const second = await openRequest();
    expect(second.id).not.toBe(id);
    expect(second.note).toBe("please, again");

    await requests().decline(second.id, "still no", "cli:test@here");
    await requests().reopen(second.id, "cli:test@here");
    await ask(await arrive("grace"), "third");
    const third = await openRequest();
    await requests().decline(third.id, "no", "cli:test@here");
    await requests().approve(third.id, "member", "cli:test@here");
    expect((await arrive("grace")).response.status).toBe(200);
    await expect(requests().decline(third.id, "too late", "cli:test@here")).rejects.toMatchObject({
      code: "request_decided",
    });
  });

  test("a rule that says no is not asked around, and an approval does not get past it", async () => {
    const bo = await arrive("bo");
    expect([bo.response.status, nonceOf(bo.body)]).toEqual([403, null]);
    expect(bo.body).toContain("Use another account");
    expect(await (await bo.person.request("/auth/request-access")).status).toBe(303);
  });

  test("a program is told by a code", async () => {
    const person = new Person(stage.office.url);
    const callback = async () => {
      const path = await person.pick(await person.start("rehearsal"), "mallory");
      const response = await person.request(path, { api: true });
      const { code } = (await response.json()) as { readonly code: string };
      return [response.status, code];
    };
    const [request] = await requests().list({ status: "declined" });
    await requests().reopen(request?.id ?? "", "cli:test@here");
    expect(await callback()).toEqual([403, "not_allowed"]);
    await ask(await arrive("mallory"));
    expect(await callback()).toEqual([403, "pending_approval"]);
    await requests().decline((await openRequest()).id, "no", "cli:test@here");
    expect(await callback()).toEqual([403, "request_declined"]);
  });

  test("only who may give a role approves; nobody but an owner makes owners", async () => {
    const { users } = stage.office.door;
    const ada = new Person(stage.office.url);
    await ada.signIn("rehearsal", "ada");
    const owner = (await ada.session())?.user.id ?? "";
    const [grace] = await users.find("grace@demo.example");
    const admin = grace?.id ?? "";
    const [request] = await requests().list({ status: "declined" });
    const id = request?.id ?? "";

    for (const [actor, role] of [
      [admin, "member"],
      ["usr_nobody", "member"],
    ] as const)
      await expect(requests().approve(id, role, actor)).rejects.toMatchObject({ code: "permission_denied" });
    await users.grant(admin, "admin", owner);
    await expect(requests().approve(id, "owner", admin)).rejects.toMatchObject({ code: "permission_denied" });
    await expect(requests().approve(id, "ownr", owner)).rejects.toMatchObject({ code: "unknown_role" });
    await expect(requests().approve("arq_none", "member", owner)).rejects.toMatchObject({
      code: "request_not_found",
    });
    expect((await requests().get(id))?.status).toBe("declined");
    const both = await Promise.allSettled([
      requests().approve(id, "owner", owner),
      requests().approve(id, "admin", admin),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await users.suspend(admin, owner);
    await expect(requests().decline(id, "no", admin)).rejects.toMatchObject({ code: "permission_denied" });
    await requests().decline(id, "changed our mind", owner);
    expect((await arrive("mallory")).body).toContain("changed our mind");
  });
});

test("an approval that is taken back while they sign in lets nobody in without a role", async () => {
  const stage = await openStage({ engine: "postgres", options: ASK });
  try {
    const { requests } = stage.office.door;
    for (const persona of ["mallory", "grace"]) {
      const person = new Person(stage.office.url);
      const body = await (await person.signIn("rehearsal", persona)).text();
      await person.post("/auth/request-access", { for: nonceOf(body) ?? "" });
      const [request] = await requests.list({ status: "pending" });
      const id = request?.id ?? "";
      await requests.approve(id, "member", "cli:test@here");
      const callback = await person.pick(await person.start("rehearsal"), persona);
      const [response, declined] = await Promise.all([
        person.request(callback),
        requests.decline(id, "changed our mind", "cli:test@here").catch(() => null),
      ]);
      expect(response.status).toBe(declined === null ? 200 : 403);
      const session = await person.session();
      expect(session?.user.roles ?? null).toEqual(declined === null ? ["member"] : null);
    }
  } finally {
    await stage.close();
  }
});

describe("whom no rule is about", () => {
  test.each([
    ["may ask where requests are open", "open", true],
    ["may not ask otherwise", "ask", false],
  ] as const)("%s", async (_, mode, offered) => {
    const stage = await openStage({ options: { access: [], requests: mode } });
    try {
      const person = new Person(stage.office.url);
      const body = await (await person.signIn("github", "mallory")).text();
      expect(nonceOf(body) !== null).toBe(offered);
    } finally {
      await stage.close();
    }
  });
});

/** What the form is about; `null` = the page has none. */
function nonceOf(body: string): string | null {
  return /name="for" value="([^"]+)"/.exec(body)?.[1] ?? null;
}
