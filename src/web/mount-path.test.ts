import { expect, test } from "vitest";
import { isUnderPath } from "./mount-path.ts";

test.each(["/auth", "/auth/", "/auth?x=1", "/auth/sign-in?return_to=/", "/auth//", "/auth/.."])(
  "%s is under /auth",
  (path) => expect(isUnderPath(path, "/auth")).toBe(true),
);

test.each(["/", "", "*", "/authentic", "/auth-x", "/auth%2Fsign-in", "/AUTH/", "//auth", "/x/auth", "/aut"])(
  "%s is not",
  (path) => expect(isUnderPath(path, "/auth")).toBe(false),
);
