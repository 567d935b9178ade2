import { afterAll, beforeAll, expect, test } from "vitest";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/index.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";

let rehearsal: Rehearsal;
let office: BackOffice;
let closed: BackOffice;
beforeAll(async () => {
  rehearsal = await startRehearsal();
  const options = { signOut: { rehearsal: { frontChannel: true } } };
  office = await startBackOffice({ rehearsalUrl: rehearsal.url, options });
  closed = await startBackOffice({ rehearsalUrl: rehearsal.url });
});
afterAll(async () => {
  await office.close();
  await closed.close();
  await rehearsal.close();
});

/** Somebody who is signed in, and what the provider calls their session: it stands in a logout token. */
async function signedIn() {
  const person = new Person(office.url);
  await person.signIn("rehearsal", "bo");
  const token = await rehearsal.logoutToken({ clientId: "back-office", persona: "bo" });
  const body = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sid: string };
  return { person, sid: body.sid };
}

/** A frame on a page of the provider: another site, and no cookie. */
function frame(query: Record<string, string> | string, at = office, dest = "iframe"): Promise<Response> {
  const address = `${at.url}/auth/frontchannel-logout/rehearsal?${new URLSearchParams(query)}`;
  return fetch(address, { headers: { "sec-fetch-dest": dest, "sec-fetch-site": "cross-site" } });
}

test("oidcc-client-test-rp-frontchannel-opinitlogout: issuer and sid end the session, without a cookie", async () => {
  const { person, sid } = await signedIn();
  const other = await signedIn();
  const answer = await frame({ iss: rehearsal.issuer, sid });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-security-policy")).toContain(
    `frame-ancestors ${new URL(rehearsal.issuer).origin}`,
  );
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await person.session()).toBeNull();
  expect(await other.person.session()).not.toBeNull();
  const [event] = await office.door.audit.list({ action: "session.ended", limit: 1 });
  expect(event).toMatchObject({ actor: "provider:rehearsal", reason: "signed_out_at_provider" });
});

test("what names no session of this provider changes nothing, and is answered no differently", async () => {
  const { person, sid } = await signedIn();
  const iss = rehearsal.issuer;
  const right = await frame({ iss, sid: "somebody-else" });
  const wrong: readonly (Record<string, string> | string)[] = [
    {},
    { iss },
    { sid },
    { iss: `${iss}/`, sid },
    { iss: "https://other.example", sid },
    { iss, sid: sid.toUpperCase() },
    { iss, sid: "" },
    { iss, sid: "\u0000" },
    `iss=${encodeURIComponent(iss)}&sid=${sid}&sid=${sid}`,
  ];
  for (const query of wrong) {
    const answer = await frame(query);
    expect([answer.status, await answer.text()]).toEqual([200, await right.clone().text()]);
  }
  // Neither an image nor a page that somebody was led to.
  for (const dest of ["image", "document", "script"]) await frame({ iss, sid }, office, dest);
  expect(await person.session()).not.toBeNull();
});

test("where it is not switched on, there is no door", async () => {
  const { sid } = await signedIn();
  expect((await frame({ iss: rehearsal.issuer, sid }, closed)).status).toBe(404);
  expect((await fetch(`${office.url}/auth/frontchannel-logout/nobody?iss=a&sid=b`)).status).toBe(404);
  expect((await fetch(`${office.url}/auth/frontchannel-logout/github?iss=a&sid=b`)).status).toBe(404);
});
