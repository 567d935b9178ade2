import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSealer } from "../../src/crypto/seal.ts";
import { Person } from "../../src/testing/person.ts";
import { SECRET } from "../support/back-office.ts";
import { ENGINES, expectRefused, observe, openStage, PROVIDERS, type Stage } from "./stage.ts";
import { callbackOf, parameterOf, transactionCookies, withParameter } from "./transaction.ts";

describe.each(ENGINES)("a sign-in belongs to the browser that began it (%s)", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine });
  });
  afterAll(() => stage.close());

  describe.each(PROVIDERS)("%s", (provider) => {
    test("CVE-2025-68158, CVE-2026-41425: the attacker's callback in a browser without any cookie", async () => {
      const callback = await callbackOf(new Person(stage.office.url), provider, "grace");
      const victim = new Person(stage.office.url);
      const seen = await observe(stage, () => victim.request(callback));
      expectRefused(seen, { code: "state_mismatch", cause: "not_this_browser" });
      expect(seen.backChannel).toBe(0);
      expect(victim.jar.names()).toEqual([]);
    });

    test("CVE-2025-68158: … in a browser with a sign-in of its own under way, which still finishes", async () => {
      const victim = new Person(stage.office.url);
      const own = await callbackOf(victim, provider, "bo");
      const callback = await callbackOf(new Person(stage.office.url), provider, "grace");
      const seen = await observe(stage, () => victim.request(callback));
      expectRefused(seen, { code: "state_mismatch", cause: "not_this_browser" });
      expect(seen.backChannel).toBe(0);
      expect((await victim.request(own)).status).toBe(303);
      expect((await victim.session())?.user.name).toBe("Bo Lund");
    });

    test("login CSRF: … in a browser that is signed in, which stays who it is", async () => {
      const victim = new Person(stage.office.url);
      await victim.signIn(provider, "bo");
      const before = await victim.session();
      const callback = await callbackOf(new Person(stage.office.url), provider, "grace");
      const seen = await observe(stage, () => victim.request(callback));
      expectRefused(seen, { code: "state_mismatch", cause: "not_this_browser" });
      expect(seen.backChannel).toBe(0);
      expect(await victim.session()).toEqual(before);
    });

    test("CVE-2026-7507: the attacker's state with the victim's own code", async () => {
      const attacker = new Person(stage.office.url);
      const state = (await attacker.start(provider)).searchParams.get("state") ?? "";
      const victim = new Person(stage.office.url);
      const own = await callbackOf(victim, provider, "bo");
      const seen = await observe(stage, () => victim.request(withParameter(own, "state", state)));
      expectRefused(seen, { code: "state_mismatch", cause: "not_this_browser" });
      expect(seen.backChannel).toBe(0);
    });

    test("CVE-2025-14546, CVE-2012-6134: states that were never issued, cut short, or in other case", async () => {
      const person = new Person(stage.office.url);
      const callback = await callbackOf(person, provider, "bo");
      const state = parameterOf(callback, "state");
      const swapped = [...state].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));
      const wrong = ["", "0", "f".repeat(state.length), state.slice(0, -1), state.slice(0, 17), `${state}A`];
      for (const value of [...wrong, swapped.join(""), `${state}\0`, ` ${state}`, `${state}%00`]) {
        const seen = await observe(stage, () => person.request(withParameter(callback, "state", value)));
        expectRefused(seen, { code: "state_mismatch", cause: /^(not_this_browser|other_state)$/ });
        expect(seen.backChannel).toBe(0);
      }
    });

    test("CVE-2023-27490, GHSA-xc49-mgwh-9pjv: no state at all", async () => {
      const person = new Person(stage.office.url);
      const callback = await callbackOf(person, provider, "bo");
      const seen = await observe(stage, () => person.request(withParameter(callback, "state", null)));
      expectRefused(seen, { code: "state_mismatch", cause: "state_missing" });
      expect(seen.backChannel).toBe(0);
    });

    test("error answers are bound as well: nobody else can end a pending sign-in", async () => {
      const victim = new Person(stage.office.url);
      const own = await callbackOf(victim, provider, "bo");
      for (const state of ["", "&state=f00"]) {
        const path = `/auth/callback/${provider}?error=access_denied${state}`;
        const seen = await observe(stage, () => victim.request(path));
        expectRefused(seen, { code: "state_mismatch", cause: /^(state_missing|not_this_browser)$/ });
      }
      expect((await victim.request(own)).headers.get("location")).toBe("/");
    });
  });

  test.each([
    ["rehearsal", "github"],
    ["github", "rehearsal"],
  ])("CVE-2026-73419: a sign-in begun at %s does for no callback of %s", async (begun, other) => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, begun, "bo");
    const seen = await observe(stage, () => person.request(callback.replace(`/${begun}?`, `/${other}?`)));
    expectRefused(seen, { code: "state_mismatch", cause: "other_provider" });
    expect(seen.backChannel).toBe(0);
    expect((await person.request(callback)).headers.get("location")).toBe("/");
  });

  test.each([
    ["purpose", "test", "other_purpose"],
    ["issuer", "https://other.example", "other_issuer"],
    ["clientId", "another-client", "other_client"],
    ["redirectUri", "https://other.example/auth/callback/rehearsal", "other_redirect_uri"],
  ])("CVE-2026-73419: a transaction sealed with another %s", async (field, value, cause) => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, "rehearsal", "bo");
    const sealer = createSealer([SECRET]);
    const [name = ""] = transactionCookies(person);
    const transaction = sealer.open("login-transaction", person.jar.get(name) ?? "") as object;
    person.jar.set(name, sealer.seal("login-transaction", { ...transaction, [field]: value }));
    const seen = await observe(stage, () => person.request(callback));
    expectRefused(seen, { code: "state_mismatch", cause });
    expect(seen.backChannel).toBe(0);
  });

  test("CVE-2026-110862, CVE-2026-110864: what is sealed for one purpose does for no other", async () => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, "rehearsal", "bo");
    const sealer = createSealer([SECRET]);
    const [name = ""] = transactionCookies(person);
    const sealed = person.jar.get(name) ?? "";
    const transaction = sealer.open("login-transaction", sealed);

    person.jar.set(name, sealer.seal("token-vault", transaction));
    person.jar.delete("postern-browser");
    const seen = await observe(stage, () => person.request(callback));
    expectRefused(seen, { code: "state_mismatch", cause: "not_this_browser" });
    expect(seen.backChannel).toBe(0);

    const state = parameterOf(callback, "state");
    for (const value of [sealed, state]) {
      const stranger = new Person(stage.office.url);
      stranger.jar.set("postern", value);
      expect(await stranger.session()).toBeNull();
    }
  });
});

describe("what the provider's redirect says about itself", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  test("CVE-2023-31999, CVE-2022-31034: nothing is shared between 200 sign-ins", async () => {
    const person = new Person(stage.office.url);
    const seen = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const { searchParams } = await person.start("rehearsal");
      for (const name of ["state", "nonce", "code_challenge"]) {
        const value = searchParams.get(name) ?? "";
        // 22 characters of base 62 or 64 hold at least 128 bits.
        expect(value.length).toBeGreaterThanOrEqual(22);
        seen.add(value);
      }
      expect(searchParams.get("code_challenge_method")).toBe("S256");
      expect(searchParams.get("response_type")).toBe("code");
    }
    expect(seen.size).toBe(600);
  });

  const otherSpellings = (issuer: string) => [
    `${issuer}/`,
    issuer.toUpperCase(),
    issuer.replace("localhost", "LOCALHOST"),
    issuer.replace("localhost", "localhost."),
    issuer.replace("localhost", "127.0.0.1"),
    issuer.replace("localhost", "%6cocalhost"),
    ` ${issuer}`,
    "https://attacker.example",
    "",
  ];

  test.each(PROVIDERS)(
    "RFC 9207: another issuer in the callback of %s, errors included",
    async (provider) => {
      const genuine =
        provider === "github" ? `${stage.rehearsal.githubUrl}/login/oauth` : stage.rehearsal.issuer;
      for (const issuer of otherSpellings(genuine)) {
        const person = new Person(stage.office.url);
        const callback = withParameter(await callbackOf(person, provider, "bo"), "iss", issuer);
        const seen = await observe(stage, () => person.request(callback));
        expectRefused(seen, { code: "callback_invalid", cause: "issuer_mismatch" });
        expect(seen.backChannel).toBe(0);
      }
      const person = new Person(stage.office.url);
      const state = (await person.start(provider)).searchParams.get("state");
      const error = new URLSearchParams({
        error: "access_denied",
        state: state ?? "",
        iss: "https://evil.test",
      });
      const seen = await observe(stage, () => person.request(`/auth/callback/${provider}?${error}`));
      expectRefused(seen, { code: "callback_invalid", cause: "issuer_mismatch" });
    },
  );

  test("RFC 9207: an issuer that was promised and is missing", async () => {
    const person = new Person(stage.office.url);
    const callback = withParameter(await callbackOf(person, "rehearsal", "bo"), "iss", null);
    const seen = await observe(stage, () => person.request(callback));
    expectRefused(seen, { code: "callback_invalid", cause: "issuer_missing" });
    expect(seen.backChannel).toBe(0);
  });

  test("mix-up (RFC 9700 §4.4): a code of another issuer with that issuer's name on it", async () => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, "github", "bo");
    const state = (await person.start("rehearsal")).searchParams.get("state") ?? "";
    const mixed = withParameter(callback, "state", state).replace("/github?", "/rehearsal?");
    const seen = await observe(stage, () => person.request(mixed));
    expectRefused(seen, { code: "callback_invalid", cause: "issuer_mismatch" });
    expect(seen.backChannel).toBe(0);
  });

  test("code injection (RFC 9700 §2.1.1): somebody else's code in one's own callback", async () => {
    const victim = await callbackOf(new Person(stage.office.url), "rehearsal", "grace");
    const stolen = parameterOf(victim, "code");
    const attacker = new Person(stage.office.url);
    const own = await callbackOf(attacker, "rehearsal", "bo");
    const seen = await observe(stage, () => attacker.request(withParameter(own, "code", stolen)));
    expectRefused(seen, { code: "provider_rejected", cause: "code_invalid" });
    expect(seen.backChannel).toBe(1);
  });

  test.each(["nonce", "code_challenge"])(
    "CVE-2023-27490: %s changed on the way to the provider",
    async (name) => {
      const person = new Person(stage.office.url);
      const authorize = await person.start("rehearsal");
      authorize.searchParams.set(name, "A".repeat(43));
      const callback = await person.pick(authorize, "bo");
      const seen = await observe(stage, () => person.request(callback));
      const [code, cause] =
        name === "nonce"
          ? (["provider_untrusted", "nonce_mismatch"] as const)
          : (["provider_rejected", "code_invalid"] as const);
      expectRefused(seen, { code, cause });
    },
  );

  test("CVE-2022-31690: scopes added on the way to the provider give nothing", async () => {
    const person = new Person(stage.office.url);
    const authorize = await person.start("rehearsal");
    authorize.searchParams.set("scope", "openid profile email offline_access");
    await person.request(await person.pick(authorize, "bo"));
    expect((await person.session())?.user.roles).toEqual(["member"]);
  });
});
