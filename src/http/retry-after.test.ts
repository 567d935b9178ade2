import { expect, test } from "vitest";
import { openTestRuntime } from "../../test/support/open-runtime.ts";
import { PosternError } from "../errors.ts";
import { answerError } from "./error-answer.ts";
import { errorProblem } from "./error-problem.ts";
import { answerGuardError } from "./guard-answer.ts";
import { readCall } from "./read-call.ts";
import { retryAfterSeconds } from "./retry-after.ts";

test("whole seconds, at least one, rounded up", () => {
  expect([0, 1, 999, 1_000, 1_001, 90_000].map((known) => retryAfterSeconds("rate_limited", known))).toEqual([
    1, 1, 1, 1, 2, 90,
  ]);
});

test("every 503 and 429 says when to come again, also where the error does not; nothing else does", () => {
  for (const code of [
    "store_unavailable",
    "shutting_down",
    "provider_unavailable",
    "rate_limited",
  ] as const) {
    expect(errorProblem({ code, reference: null }).headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  }
  for (const code of ["permission_denied", "provider_rejected", "server_error"] as const) {
    const response = errorProblem({ code, reference: null, retryAfter: 3_000 });
    expect(response.headers.get("retry-after")).toBeNull();
  }
});

test("what the error knows reaches programs and people alike, at our doors and at guards", async () => {
  const test = await openTestRuntime();
  const error = new PosternError("rate_limited", "Too often.", { retryAfter: 89_500 });
  const asking = (accept: string) =>
    readCall(
      test.runtime,
      new Request("https://admin.example.com/auth/sign-in", { headers: { accept } }),
      {},
      {},
    );
  const answers = [
    await answerError(asking("application/json"), "page", error),
    await answerError(asking("text/html"), "page", error),
    await answerGuardError(test.runtime, { headers: {}, url: "/orders", method: "POST" }, error, null),
  ];
  expect(answers.map(({ status, headers }) => [status, headers.get("retry-after")])).toEqual([
    [429, "90"],
    [429, "90"],
    [429, "90"],
  ]);
  expect(await answers[1]?.text()).toContain("2 minutes");
  await test.close();
});
