import { expect, test } from "vitest";
import { oidcProfile } from "./oidc-profile.ts";

function profile(idToken: Record<string, unknown>, userInfo: Record<string, unknown> | null = null) {
  return oidcProfile({
    idToken: { sub: "1", ...idToken },
    userInfo,
    answers: {},
    tokenResponse: null,
    callback: {},
  });
}

test("the signed token wins over userinfo", () => {
  expect(profile({ name: "Ana" }, { sub: "1", name: "Eve", picture: "https://img.example/a" })).toMatchObject(
    {
      name: "Ana",
      picture: "https://img.example/a",
    },
  );
});

test.each([
  [{ email: "a@id.example" }, { email: "a@ui.example", email_verified: true }, "a@id.example", null],
  [{ email: "a@id.example", email_verified: false }, { email_verified: true }, "a@id.example", false],
  [{ email_verified: true }, { email: "a@ui.example" }, "a@ui.example", null],
  [{ email_verified: true }, { email: "a@ui.example", email_verified: false }, "a@ui.example", false],
  [{}, { email: "a@ui.example", email_verified: true }, "a@ui.example", true],
])("%j and %j: address and its word come from one place", (idToken, userInfo, email, emailVerified) => {
  const found = profile(idToken, userInfo);
  expect(found).toMatchObject({ email, emailVerified });
  expect(found.claims.email_verified ?? null).toBe(emailVerified);
});

test.each([
  [{ preferred_username: "ana", nickname: "a", email: "a@b.c" }, "ana"],
  [{ nickname: "a", email: "a@b.c" }, "a"],
  [{ email: "a@b.c" }, "a@b.c"],
])("the handle of %j is %s", (claims, handle) => {
  expect(profile(claims).handle).toBe(handle);
});
