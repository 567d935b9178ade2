import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { expectRefused, observe, openStage, PROVIDERS, type Stage } from "./stage.ts";
import { callbackOf, parameterOf, withParameter } from "./transaction.ts";

const MARK = "canary-reflected-text";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Another person's callback of the same browser would do as well: what matters is what stands in the address. */
function begin(provider = "rehearsal") {
  const person = new Person(stage.office.url);
  return callbackOf(person, provider, "bo").then((callback) => ({ person, callback }));
}

function postForm(person: Person, path: string, body: string, type = "application/x-www-form-urlencoded") {
  return person.request(path, { method: "POST", body, headers: { "content-type": type } });
}

describe.each(PROVIDERS)("fault 100: a parameter twice (%s)", (provider) => {
  test.each(["code", "state", "iss", "error", "anything"])("%s in the query", async (name) => {
    const { person, callback } = await begin(provider);
    for (const doubled of [
      `${callback}&${name}=one&${name}=two`,
      `${callback}&${name}=&%${name.charCodeAt(0).toString(16)}${name.slice(1)}=`,
    ]) {
      const seen = await observe(stage, () => person.request(doubled));
      expectRefused(seen, { code: "callback_invalid", cause: "parameter_twice" });
      expect(seen.backChannel).toBe(0);
    }
    // The attempt is still its owner's: a stranger's bad address does not end it.
    expect((await person.request(callback)).status).toBe(303);
  });

  test("once in the query and once in the body", async () => {
    const { person, callback } = await begin(provider);
    for (const name of ["code", "state", "iss"]) {
      const body = new URLSearchParams({ [name]: parameterOf(callback, name) }).toString();
      const seen = await observe(stage, () => postForm(person, callback, body));
      expectRefused(seen, { code: "callback_invalid", cause: "parameter_twice" });
      expect(seen.backChannel).toBe(0);
    }
  });
});

test.each([
  ["code", "c".repeat(4097)],
  ["state", "s".repeat(4097)],
  ["iss", "i".repeat(4097)],
  ["anything", "x".repeat(8000)],
  ["n".repeat(257), "1"],
])("over-long: %.12s", async (name, value) => {
  const { person, callback } = await begin();
  const seen = await observe(stage, () => person.request(withParameter(callback, name, value)));
  expectRefused(seen, { code: "callback_invalid", cause: "parameter_too_long" });
  expect(seen.backChannel).toBe(0);
});

test("too many: 100 parameters", async () => {
  const { person, callback } = await begin();
  const many = Array.from({ length: 100 }, (_, i) => `p${i}=1`).join("&");
  const seen = await observe(stage, () => person.request(`${callback}&${many}`));
  expectRefused(seen, { code: "callback_invalid", cause: "parameter_too_long" });
});

test.each(["access_token", "id_token", "token", "response"])(
  "RFC 9700 §2.1.2: a callback that carries %s is refused, code or not",
  async (name) => {
    for (const withCode of [true, false]) {
      const { person, callback } = await begin();
      const path = withParameter(withCode ? callback : withParameter(callback, "code", null), name, MARK);
      const seen = await observe(stage, () => person.request(path));
      expectRefused(seen, { code: "callback_invalid", cause: "unexpected_token" });
      expect(seen.backChannel).toBe(0);
      expect(seen.body).not.toContain(MARK);
    }
  },
);

test.each([
  ["missing", null, "code_missing"],
  ["empty", "", "code_missing"],
  ["with a line break", "a\r\nb", "code_malformed"],
  ["not ASCII", "ｃｏｄｅ", "code_malformed"],
  ["with a NUL", "a\0b", "code_malformed"],
])("a code that is %s", async (_, code, cause) => {
  const { person, callback } = await begin();
  const seen = await observe(stage, () => person.request(withParameter(callback, "code", code)));
  expectRefused(seen, { code: "callback_invalid", cause });
  expect(seen.backChannel).toBe(0);
});

test("CVE-2026-77000, CVE-2020-26254: an e-mail, an id or a user beside the code tells nobody who it is", async () => {
  const { person, callback } = await begin();
  const claims = { email: "ada@demo.example", sub: "1", user: '{"email":"ada@demo.example"}', id: "1001" };
  for (const [name, value] of Object.entries(claims)) {
    const alone = `/auth/callback/rehearsal?${new URLSearchParams({ [name]: value })}`;
    expectRefused(await observe(stage, () => new Person(stage.office.url).request(alone)), {
      code: "state_mismatch",
      cause: "state_missing",
    });
  }
  await person.request(`${callback}&${new URLSearchParams(claims)}`);
  expect((await person.session())?.user).toMatchObject({ email: "bo@demo.example", roles: ["member"] });
});

describe("CVE-2020-36599, CVE-2022-24905: what the provider says about an error is never shown", () => {
  const hostile = [
    MARK,
    `<script>${MARK}</script>`,
    `"><img src=x onerror=alert(1) alt=${MARK}>`,
    `${MARK}\r\nSet-Cookie: postern=${MARK}`,
    `\u202e${MARK}`,
    MARK.repeat(150),
  ];

  test.each(PROVIDERS)("%s: in error, error_description and error_uri", async (provider) => {
    for (const text of hostile) {
      // One short word of the provider is kept for the administrator; nothing that could say a sentence is.
      const ownWord = /^[\w.-]+$/.test(text) ? [] : [text];
      for (const error of ["access_denied", "server_error", "login_required", ...ownWord]) {
        const person = new Person(stage.office.url);
        const state = (await person.start(provider)).searchParams.get("state") ?? "";
        const query = new URLSearchParams({ error, error_description: text, error_uri: text, state });
        if (provider === "rehearsal") query.set("iss", stage.rehearsal.issuer);
        const { response, body, events } = await observe(stage, () =>
          person.request(`/auth/callback/${provider}?${query}`),
        );
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(events).toHaveLength(1);
        const told = [body, ...[...response.headers].flat(), JSON.stringify(events)].join("\n");
        expect(told).not.toContain(MARK);
      }
    }
    expect(stage.office.logged.join("\n")).not.toContain(MARK);
  });

  test.each([
    ["access_denied", "access_denied_by_user", "cancelled"],
    ["login_required", "provider_rejected", "login_required"],
    ["consent_required", "provider_rejected", "consent_required"],
    ["interaction_required", "provider_rejected", "interaction_required"],
    ["temporarily_unavailable", "provider_unavailable", "temporarily_unavailable"],
    ["server_error", "provider_unavailable", "server_error"],
    ["no_such_error", "provider_rejected", "refused"],
    ["__proto__", "provider_rejected", "refused"],
    ["constructor", "provider_rejected", "refused"],
    ["", "provider_rejected", "refused"],
  ] as const)("faults 95, 96: error=%s has its own page", async (error, code, cause) => {
    const person = new Person(stage.office.url);
    const state = (await person.start("rehearsal")).searchParams.get("state") ?? "";
    const query = new URLSearchParams({ error, state, iss: stage.rehearsal.issuer });
    const seen = await observe(stage, () => person.request(`/auth/callback/rehearsal?${query}`));
    expectRefused(seen, { code, cause });
    expect(seen.backChannel).toBe(0);
    // Spent: the same answer a second time is nobody's any more.
    const again = await observe(stage, () => person.request(`/auth/callback/rehearsal?${query}`));
    expect(again.events.map(({ action }) => action)).not.toContain("login.succeeded");
    expect(await person.session()).toBeNull();
  });
});

describe("form_post", () => {
  test("fault 114: needs its transaction like any other callback", async () => {
    const { person, callback } = await begin();
    const { pathname, searchParams } = new URL(callback, stage.office.url);
    const stranger = new Person(stage.office.url);
    const seen = await observe(stage, () => postForm(stranger, pathname, searchParams.toString()));
    expectRefused(seen, { code: "state_mismatch", cause: "not_this_browser" });
    expect((await postForm(person, pathname, searchParams.toString())).headers.get("location")).toBe("/");
  });

  test.each(["text/plain", "application/json", "multipart/form-data; boundary=x", "application/xml"])(
    "content-type confusion: %s is not read",
    async (type) => {
      const { person, callback } = await begin();
      const { pathname, searchParams } = new URL(callback, stage.office.url);
      for (const body of [searchParams.toString(), JSON.stringify(Object.fromEntries(searchParams))]) {
        const seen = await observe(stage, () => postForm(person, pathname, body, type));
        expect(seen.response.status).toBe(415);
        expect(seen.backChannel).toBe(0);
      }
      expect(await person.session()).toBeNull();
    },
  );
});
