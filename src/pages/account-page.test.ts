import { describe, expect, it } from "vitest";
import { accountView, pageContext } from "../../test/support/page-states.ts";
import { readMarkup } from "../../test/support/read-markup.ts";
import { type AccountView, accountPage } from "./account-page.ts";

const page = (change: Partial<AccountView> = {}) =>
  readMarkup(accountPage(pageContext("en", "light"), accountView("en", change)));
const rows = (elements: ReturnType<typeof page>, part: string) =>
  elements.filter(
    ({ attributes, parent }) =>
      attributes.class?.startsWith("row") &&
      attributes.class !== "rows" &&
      parent?.parent?.attributes["aria-labelledby"] === part,
  );
const actions = (elements: ReturnType<typeof page>) =>
  elements.filter(({ tag }) => tag === "form").map(({ attributes }) => attributes.action);

describe("accountPage", () => {
  it("shows each role once, with every reason for it", () => {
    const roles = page().filter(({ tag, parent }) => tag === "li" && parent?.attributes.class === "roles");
    expect(roles.map(({ text }) => text)).toEqual([
      "Administrator granted by an administrator",
      "orders-lead from an access rule · from the configuration",
    ]);
  });

  it("shows the identities, and greys out those of a provider that is gone", () => {
    const identities = rows(page(), "identities");
    expect(identities.map(({ attributes }) => attributes.class?.trim())).toEqual(["row", "row", "row off"]);
    expect(identities[0]?.text).toContain("mrossi@acme.example Verified");
    expect(identities[1]?.text).toContain("maria@home.example Not verified");
    expect(identities[2]?.text).toContain("Switched off by an administrator");
    expect(identities[2]?.text).not.toContain("erified");
  });

  it("puts the device in use on top, without a button of its own", () => {
    const [first, ...others] = rows(page(), "devices");
    expect(first?.text).toContain("Chrome on Windows");
    expect(first?.text).toContain("This device");
    expect(first?.text).not.toContain("Sign out");
    expect(others.map(({ text }) => text.includes("Sign out"))).toEqual([true, true]);
  });

  it("ends one device, all others, or this one", () => {
    expect(actions(page())).toEqual([
      "/auth/sign-out",
      "/auth/account/link/github",
      "/auth/account/link/feishu",
      "/auth/account/sign-out-others",
      "/auth/account/sessions/ses_2/sign-out",
      "/auth/account/sessions/ses_3/sign-out",
      "/auth/account/sign-out-everywhere",
      "/auth/preferences",
    ]);
  });

  it("has nothing to end elsewhere when this is the only device", () => {
    const elements = page({ ways: [], devices: accountView("en").devices.filter(({ current }) => current) });
    expect(actions(elements)).toEqual([
      "/auth/sign-out",
      "/auth/account/sign-out-everywhere",
      "/auth/preferences",
    ]);
    expect(elements.find(({ tag }) => tag === "main")?.text).toContain(
      "You are not signed in anywhere else.",
    );
  });

  it("keeps what an unidentified browser says of itself in details", () => {
    const details = page().filter(({ tag }) => tag === "details");
    expect(details.map(({ text }) => text.trim())).toEqual([
      "What it says it isacme-scanner/0.3 (warehouse 7)",
    ]);
  });

  it("announces what the last press did", () => {
    const status = page().find(({ attributes }) => attributes.role === "status");
    expect(status?.text).toContain("3 other devices were signed out.");
  });

  it("gives times to people and to machines", () => {
    const times = rows(page(), "devices").flatMap((row) =>
      page().filter(({ tag, parent }) => tag === "time" && parent?.parent?.parent?.parent?.text === row.text),
    );
    expect(
      times.map(({ text, attributes }) => [text, attributes.datetime, attributes.title]).slice(0, 2),
    ).toEqual([
      ["3 days ago", "2026-11-20T22:58:21Z", "20 Nov 2026, 22:58:21 UTC"],
      ["now", "2026-11-23T22:58:01Z", "23 Nov 2026, 22:58:01 UTC"],
    ]);
  });

  it("does without a name, an e-mail and a role", () => {
    const me = page({ me: { name: null, email: null, emailVerified: null, roles: [] } }).find(
      ({ attributes }) => attributes.class === "panel",
    );
    expect(me?.text).toContain("No name");
    expect(me?.text).toContain("You have no role yet.");
  });
});
