import { afterAll, beforeAll, expect, test } from "vitest";
import { oidc } from "../../src/providers/oidc.ts";
import { CookieJar } from "../../src/testing/cookie-jar.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import {
  type CertifiedProvider,
  signOutAtCertifiedProvider,
  startCertifiedProvider,
  visitCertifiedProvider,
} from "../support/certified-provider.ts";

const CLIENT_SECRET = "a+secret%with:characters/that=need&care";
/** Two applications of one company, with one provider: what is ended in one ends in the other. */
const OFFICES = ["orders", "stock"] as const;

let certified: CertifiedProvider;
const offices = new Map<string, BackOffice>();
beforeAll(async () => {
  certified = await startCertifiedProvider();
  for (const id of OFFICES) {
    const provider = oidc({
      ...{ id: "corp", name: "Corp SSO", issuer: certified.issuer },
      ...{ clientId: id, clientSecret: CLIENT_SECRET, clientAuthentication: "client_secret_basic" },
    });
    const access = [{ when: { emailDomain: "demo.example" }, then: "allow" as const }];
    const options = { providers: [provider], owners: [], access };
    offices.set(id, await startBackOffice({ rehearsalUrl: certified.issuer, options }));
  }
  certified.register(
    [...offices].map(([id, { url }]) => ({
      client_id: id,
      client_secret: CLIENT_SECRET,
      redirect_uris: [`${url}/auth/callback/corp`],
      token_endpoint_auth_method: "client_secret_basic" as const,
      id_token_signed_response_alg: "RS256" as const,
      post_logout_redirect_uris: [`${url}/auth/signed-out`],
      backchannel_logout_uri: `${url}/auth/backchannel-logout/corp`,
      backchannel_logout_session_required: true,
    })),
  );
});
afterAll(async () => {
  for (const office of offices.values()) await office.close();
  await certified.close();
});

/** Somebody's browser, signed in to an application; `there` are its cookies at the provider. */
async function signedIn(office: string, account: string, there: CookieJar): Promise<Person> {
  const person = new Person(offices.get(office)?.url ?? "");
  const callback = await visitCertifiedProvider(await person.start("corp"), account, there);
  await person.request(callback.pathname + callback.search);
  expect(await person.session()).not.toBeNull();
  return person;
}

test("signing out ends the session there, and by its word the one in the other application", async () => {
  const there = new CookieJar();
  const orders = await signedIn("orders", "ada", there);
  const stock = await signedIn("stock", "ada", there);
  const other = await signedIn("stock", "bo", new CookieJar());

  await orders.post("/auth/sign-out");
  expect(await orders.session()).toBeNull();
  expect(await stock.session()).not.toBeNull();
  const page = await (await orders.request("/auth/signed-out/provider")).text();
  const [, address = ""] = /content="0; url=([^"]*)"/.exec(page) ?? [];
  const back = await signOutAtCertifiedProvider(new URL(address.replaceAll("&amp;", "&")), there);
  expect(back.origin).toBe(offices.get("orders")?.url);
  await orders.request(back.pathname + back.search);
  expect(await (await orders.request("/auth/signed-out")).text()).toContain(
    "You are signed out at <bdi>Corp SSO</bdi> as well.",
  );

  // It waits for its logout tokens before it sends people back.
  expect(await stock.session()).toBeNull();
  expect(await other.session()).not.toBeNull();
  const [event] =
    (await offices.get("stock")?.door.audit.list({ action: "logout.received", limit: 1 })) ?? [];
  expect(event).toMatchObject({ actor: "provider:corp", detail: { bySession: true } });
  // And it has forgotten the browser: it asks again who it is.
  const authorize = await orders.start("corp");
  const asked = await visitCertifiedProvider(authorize, null, there);
  expect(asked.searchParams.get("error")).toBe("access_denied");
});
