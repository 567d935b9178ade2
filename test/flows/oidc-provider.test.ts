import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oidc } from "../../src/providers/oidc.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import {
  type CertifiedProvider,
  startCertifiedProvider,
  visitCertifiedProvider,
} from "../support/certified-provider.ts";

/** Both ways to prove the client, with both kinds of key. The id is the client's and the provider instance's. */
const CLIENTS = (["client_secret_basic", "client_secret_post"] as const).flatMap((method) =>
  (["RS256", "ES256"] as const).map((algorithm) => ({
    id: `${method.slice("client_secret_".length)}-${algorithm.toLowerCase()}`,
    method,
    algorithm,
  })),
);
const CLIENT_SECRET = "a+secret%with:characters/that=need&care";

describe("oidc-provider, which is certified", () => {
  let certified: CertifiedProvider;
  let office: BackOffice;
  /** How far the back office's clock has been moved on, in milliseconds. */
  let later = 0;

  beforeAll(async () => {
    certified = await startCertifiedProvider();
    const corp = { name: "Corp SSO", issuer: certified.issuer };
    office = await startBackOffice({
      rehearsalUrl: certified.issuer,
      options: {
        now: () => Date.now() + later,
        owners: ["basic-rs256:ada"],
        access: [{ when: { emailDomain: "demo.example" }, then: "allow" }],
        providers: [
          ...CLIENTS.map(({ id, method }) =>
            oidc({ ...corp, id, clientId: id, clientSecret: CLIENT_SECRET, clientAuthentication: method }),
          ),
          oidc({ ...corp, id: "mistyped", clientId: "basic-rs256", clientSecret: "another-secret" }),
        ],
      },
    });
    certified.register(
      CLIENTS.map(({ id, method, algorithm }) => ({
        client_id: id,
        client_secret: CLIENT_SECRET,
        redirect_uris: [id, "mistyped"].map((provider) => `${office.url}/auth/callback/${provider}`),
        token_endpoint_auth_method: method,
        id_token_signed_response_alg: algorithm,
      })),
    );
  });
  afterAll(async () => {
    await office.close();
    await certified.close();
  });

  async function signIn(provider: string, account: string) {
    const person = new Person(office.url);
    const callback = await visitCertifiedProvider(await person.start(provider, "/admin"), account);
    return { person, callback, back: await person.request(callback.pathname + callback.search) };
  }

  async function eventOn(page: Response) {
    const [reference = ""] = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await page.text()) ?? [];
    const [event] = await office.door.audit.list({ reference, limit: 1 });
    return event;
  }

  function requested(path: string): number {
    return certified.requests.get(path) ?? 0;
  }

  test.each(CLIENTS)("lets people in: $method, $algorithm", async ({ id }) => {
    const asked = requested("/me");
    const { person, back } = await signIn(id, "ada");
    expect([back.status, back.headers.get("location")]).toEqual([303, "/admin"]);
    // Its ID tokens hold no more than the subject: name and e-mail come from userinfo.
    expect(requested("/me")).toBe(asked + 1);
    expect((await person.session())?.user).toMatchObject({ name: "Person ada", email: "ada@demo.example" });
  });

  test("somebody who comes back is the same user, and somebody else another", async () => {
    const first = await (await signIn("post-es256", "bo")).person.session();
    const second = await (await signIn("post-es256", "bo")).person.session();
    const other = await (await signIn("post-es256", "cleo")).person.session();
    expect(second?.user.id).toBe(first?.user.id);
    expect(second?.session.id).not.toBe(first?.session.id);
    expect(other?.user.id).not.toBe(first?.user.id);
  });

  test.each(["basic-rs256", "post-es256"])("keys change: %s asks once for all who come then", async (id) => {
    await signIn(id, "ada");
    const asked = requested("/jwks");
    // Keys are asked for again at most every 30 seconds, and this sign-in may have done so.
    later += 31_000;
    await signIn(id, "ada");
    expect(requested("/jwks")).toBe(asked);

    await certified.rotateKeys();
    const people = await Promise.all(["ada", "bo", "cleo", "dag", "eli"].map((who) => signIn(id, who)));
    expect(people.map(({ back }) => back.status)).toEqual([303, 303, 303, 303, 303]);
    expect(requested("/jwks")).toBe(asked + 1);
  });

  test("somebody who changes their mind there is told so, and has no session", async () => {
    const person = new Person(office.url);
    const callback = await visitCertifiedProvider(await person.start("basic-rs256"), null);
    expect(callback.searchParams.get("error")).toBe("access_denied");
    const page = await person.request(callback.pathname + callback.search);
    expect(page.status).toBe(403);
    expect(await eventOn(page)).toMatchObject({ action: "login.cancelled", reason: "access_denied_by_user" });
    expect(await person.session()).toBeNull();
  });

  test("a client secret that is not the right one is the administrator's turn", async () => {
    const { person, back } = await signIn("mistyped", "ada");
    expect(back.status).toBe(502);
    expect(await eventOn(back)).toMatchObject({
      action: "login.failed",
      reason: "provider_rejected",
      detail: { provider: "mistyped", cause: "client_invalid" },
    });
    expect(await person.session()).toBeNull();
  });

  test.each([
    { what: "is missing", iss: null, cause: "issuer_missing" },
    { what: "is another's", iss: "https://attacker.example", cause: "issuer_mismatch" },
  ])("a callback whose iss $what is refused before any code is sent on", async ({ iss, cause }) => {
    const person = new Person(office.url);
    const callback = await visitCertifiedProvider(await person.start("basic-rs256"), "ada");
    expect(callback.searchParams.get("iss")).toBe(certified.issuer);
    callback.searchParams.delete("iss");
    if (iss !== null) callback.searchParams.set("iss", iss);

    const asked = requested("/token");
    const page = await person.request(callback.pathname + callback.search);
    expect(page.status).toBe(400);
    expect(await eventOn(page)).toMatchObject({ reason: "callback_invalid", detail: { cause } });
    expect(requested("/token")).toBe(asked);
    expect(await person.session()).toBeNull();
  });

  test("a code that was used before is worth nothing, there or here", async () => {
    const { callback } = await signIn("basic-es256", "ada");
    const other = new Person(office.url);
    const authorize = await other.start("basic-es256");
    callback.searchParams.set("state", authorize.searchParams.get("state") ?? "");
    const page = await other.request(callback.pathname + callback.search);
    expect(await eventOn(page)).toMatchObject({ action: "login.failed", detail: { cause: "code_invalid" } });
    expect(await other.session()).toBeNull();
  });
});
