import { expect, test } from "vitest";
import { ERRORS, type ErrorCode } from "../errors.ts";
import { problem } from "./problem.ts";

test("says what RFC 9457 asks for, and what was given", async () => {
  const response = problem("authentication_required", {
    detail: "Sign in first.",
    reference: "K7Q2-9FMX",
    signInUrl: "/auth/sign-in",
  });
  expect(response.status).toBe(401);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.has("retry-after")).toBe(false);
  expect(await response.json()).toEqual({
    type: "about:blank",
    title: "Authentication required",
    status: 401,
    code: "authentication_required",
    detail: "Sign in first.",
    reference: "K7Q2-9FMX",
    signInUrl: "/auth/sign-in",
  });
});

test("leaves out what was not given", async () => {
  expect(await problem("last_owner").json()).toEqual({
    type: "about:blank",
    title: "Last owner",
    status: 409,
    code: "last_owner",
  });
});

test("says when to come back, in whole seconds", () => {
  expect(problem("rate_limited", { retryAfter: 1.2 }).headers.get("retry-after")).toBe("2");
});

test("every code has its status and a title to read", async () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const response = problem(code);
    expect(response.status).toBe(ERRORS[code].status);
    expect(await response.json()).toMatchObject({ code, title: expect.stringMatching(/^[A-Z][a-z ]+$/) });
  }
});
