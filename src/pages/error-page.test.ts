import { describe, expect, it } from "vitest";
import { errorView, pageContext } from "../../test/support/page-states.ts";
import { type ReadElement, readMarkup } from "../../test/support/read-markup.ts";
import { ERRORS, type ErrorCode } from "../errors.ts";
import { type ErrorView, errorPage } from "./error-page.ts";
import type { PageContext } from "./page-context.ts";

const CODES = Object.keys(ERRORS) as ErrorCode[];
const SIGN_IN = "/auth/sign-in?return_to=%2Forders";
const HELP = "mailto:it-help@acme.example?subject=Acme%20Back%20Office%20K7Q2-9FMX";

const page = (code: ErrorCode, view: Partial<ErrorView> = {}, context: Partial<PageContext> = {}) =>
  readMarkup(errorPage(pageContext("en", "light", context), errorView(code, view)));
const noSupport = { brand: { ...pageContext("en", "light").brand, support: null } };

/** Where the primary button leads: `GET /…` or `POST /…`. */
function primary(elements: readonly ReadElement[]): string {
  const buttons = elements.filter(({ attributes }) => attributes.class?.split(" ").includes("primary"));
  expect(buttons).toHaveLength(1);
  const [button] = buttons;
  return button?.tag === "a" ? `GET ${button.attributes.href}` : `POST ${button?.parent?.attributes.action}`;
}

function mainOf(elements: readonly ReadElement[]): string {
  return elements.find(({ tag }) => tag === "main")?.text ?? "";
}

describe("errorPage", () => {
  it.each<[code: ErrorCode, leads: string]>([
    ["authentication_required", `GET ${SIGN_IN}`],
    ["permission_denied", "GET /"],
    ["no_role", `GET ${HELP}`],
    ["cross_origin", "GET /"],
    ["not_found", "GET /"],
    ["method_not_allowed", "GET /"],
    ["request_too_large", "GET /orders"],
    ["unsupported_media_type", "GET /orders"],
    ["unknown_provider", `GET ${SIGN_IN}`],
    ["rate_limited", `GET ${SIGN_IN}`],
    ["callback_invalid", "POST /auth/sign-in/github"],
    ["state_mismatch", "POST /auth/sign-in/github"],
    ["access_denied_by_user", "POST /auth/sign-in/github"],
    ["provider_unavailable", "POST /auth/sign-in/github"],
    ["provider_rejected", `GET ${SIGN_IN}`],
    ["provider_untrusted", "POST /auth/sign-in/github"],
    ["clock_skew", "POST /auth/sign-in/github"],
    ["no_identifier", `GET ${HELP}`],
    ["not_allowed", `GET ${SIGN_IN}`],
    ["email_unverified", "POST /auth/sign-in/github"],
    ["suspended", `GET ${HELP}`],
    ["invite_unknown", `GET ${SIGN_IN}`],
    ["invite_expired", `GET ${SIGN_IN}`],
    ["invite_used", `GET ${SIGN_IN}`],
    ["invite_revoked", `GET ${SIGN_IN}`],
    ["invite_not_for_you", `GET ${SIGN_IN}`],
    ["user_not_found", "GET /orders"],
    ["session_not_found", "GET /auth/account"],
    ["unknown_role", "GET /orders"],
    ["unknown_permission", "GET /orders"],
    ["last_owner", "GET /orders"],
    ["store_unavailable", "GET /orders"],
    ["migrations_pending", "GET /orders"],
    ["shutting_down", "GET /orders"],
    ["seal_invalid", "POST /auth/sign-in/github"],
    ["server_error", "GET /orders"],
  ])("has one button for %s: %s", (code, leads) => {
    expect(primary(page(code))).toBe(leads);
  });

  it.each(CODES)(
    "%s: goes to the sign-in page instead of a provider or a support that are not known",
    (code) => {
      const leads = primary(page(code, { provider: null, reference: null }, noSupport));
      expect(leads).not.toMatch(/POST|mailto/);
    },
  );

  it("labels the button for where it really leads", () => {
    const label = (context: Partial<PageContext>) =>
      page("suspended", {}, context).find(({ attributes }) => attributes.class?.includes("primary"))?.text;
    expect(label({})).toBe("Contact support");
    expect(label(noSupport)).toBe("Go to sign-in");
  });

  it("offers other ways beside starting again", () => {
    const links = page("provider_unavailable").filter(
      ({ tag, attributes }) => tag === "a" && attributes.class === "button",
    );
    expect(links.map(({ text, attributes }) => [text, attributes.href])).toEqual([
      ["Other ways to sign in", SIGN_IN],
    ]);
  });

  describe("of somebody who is signed in and was at a provider", () => {
    const user = { name: "Maria Rossi", email: "mrossi@acme.example" };
    const ways = (elements: readonly ReadElement[]) =>
      elements
        .filter(({ tag, attributes }) => tag === "a" && attributes.class?.startsWith("button"))
        .map(({ text, attributes }) => [text, attributes.href]);
    const ACCOUNT = ["Back to your account", "/auth/account"];
    const CONFIRM = ["Other ways to confirm", "/auth/step-up?return_to=%2Forders"];

    it.each([
      "access_denied_by_user",
      "provider_unavailable",
      "provider_untrusted",
      "step_up_failed",
    ] as const)("to confirm that it is them: %s says that they still are, and leads on and back", (code) => {
      const elements = page(code, { purpose: "step-up" }, { user });
      expect(mainOf(elements)).toContain("You are still signed in as Maria Rossi.");
      expect(primary(elements)).toBe("POST /auth/step-up/github");
      expect(ways(elements)).toEqual([CONFIRM, ACCOUNT]);
    });

    it("to add an account: the same, and back is the account page", () => {
      const elements = page("access_denied_by_user", { purpose: "link" }, { user });
      expect(mainOf(elements)).toContain("nothing was changed");
      expect(mainOf(elements)).toContain("You are still signed in as Maria Rossi.");
      expect(primary(elements)).toBe("POST /auth/account/link/github");
      expect(ways(elements)).toEqual([ACCOUNT]);
    });

    it.each([
      ["step-up", [CONFIRM, ACCOUNT]],
      ["link", [ACCOUNT]],
    ] as const)("is never sent to sign in for what is not a sign-in: %s", (purpose, expected) => {
      expect(ways(page("provider_rejected", { purpose }, { user }))).toEqual(expected);
    });

    it("names them as far as it can, and nobody who is not there", () => {
      const said = (known: PageContext["user"]) =>
        mainOf(page("access_denied_by_user", { purpose: "link" }, { user: known }));
      expect(said({ name: null, email: user.email })).toContain("still signed in as mrossi@acme.example.");
      expect(said({ name: null, email: null })).toContain("You are still signed in.");
      expect(said(null)).not.toContain("signed in");
    });
  });

  it("sends nobody to sign in who is signed in and has done something else too often", () => {
    const user = { name: "Maria Rossi", email: null };
    const elements = page("rate_limited", { provider: null }, { user });
    expect(primary(elements)).toBe("GET /auth/account");
    expect(mainOf(elements)).not.toContain("Try again");
  });

  it("lets somebody who is signed in with the wrong account change it", () => {
    const user = { name: "Tom Becker", email: null };
    const elements = page("permission_denied", {}, { user });
    const form = elements.find(({ attributes }) => attributes.action === "/auth/sign-out");
    expect(form?.text).toContain("You are signed in as Tom Becker.");
    expect(form?.text).toContain("Use another account");
    expect(mainOf(elements)).not.toContain("still signed in");
    expect(page("permission_denied").some(({ attributes }) => attributes.action === "/auth/sign-out")).toBe(
      false,
    );
  });

  it("gives the reference and whom to send it to, the label outside the monospaced code", () => {
    const box = page("server_error").find(({ attributes }) => attributes.class === "help-box");
    expect(box?.text).toContain("Reference K7Q2-9FMX");
    expect(box?.text).toContain("it-help@acme.example");
    const codes = page("server_error").filter(({ tag }) => tag === "code");
    expect(codes[0]?.text).toBe("K7Q2-9FMX");
    expect(
      page("server_error", { reference: null }, noSupport).some(
        ({ attributes }) => attributes.class === "help-box",
      ),
    ).toBe(false);
  });

  it("unfolds the technical details in development only", () => {
    const details = (view: Partial<ErrorView>) =>
      page("server_error", view).find(({ tag }) => tag === "details");
    expect(details({})?.attributes).not.toHaveProperty("open");
    expect(details({})?.text).toContain("502");
    expect(details({ development: true })?.attributes).toHaveProperty("open");
    expect(details({ technical: null })).toBeUndefined();
  });
});
