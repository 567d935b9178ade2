import { expect, test } from "vitest";
import { checkOrigins, warnOfOtherSites } from "./check-origins.ts";

const publicUrl = new URL("https://admin.example.com");

function check(value: unknown) {
  const problems: string[] = [];
  const report = (...parts: (string | undefined)[]) => void problems.push(parts.join(" · "));
  return { origins: checkOrigins(value, publicUrl, report), problems };
}

test("origins as browsers write them are kept", () => {
  const fine = [
    "https://app.example.com",
    "https://app.example.com:8443",
    "http://localhost:4190",
    "http://app.localhost:4190",
    "http://127.0.0.1:4190",
    "http://[::1]:4190",
    "https://xn--fiqs8s.example",
  ];
  expect(check(fine)).toEqual({ origins: fine, problems: [] });
  expect(check(undefined)).toEqual({ origins: [], problems: [] });
});

test("our own origin needs no listing, and is not made a front end", () => {
  expect(check(["https://admin.example.com"])).toEqual({ origins: [], problems: [] });
});

test.each([
  ["*", /wildcard.*List each front end/],
  ["https://*.example.com", /wildcard.*List each front end/],
  ["null", /sandboxed frame.*Serve the front end/],
  ["https://app.example.com/", /as browsers write it.*"https:\/\/app\.example\.com"/],
  ["https://app.example.com/orders", /as browsers write it.*"https:\/\/app\.example\.com"/],
  ["https://app.example.com?", /as browsers write it.*"https:\/\/app\.example\.com"/],
  ["HTTPS://APP.example.com", /as browsers write it.*"https:\/\/app\.example\.com"/],
  ["https://app.example.com:443", /as browsers write it.*"https:\/\/app\.example\.com"/],
  ["http://localhost:80", /as browsers write it.*"http:\/\/localhost"/],
  ["https://ada@app.example.com", /as browsers write it.*"https:\/\/app\.example\.com"/],
  [" https://app.example.com", /as browsers write it.*"https:\/\/app\.example\.com"/],
  ["https://订单.example", /as browsers write it.*"https:\/\/xn--/],
  ["app.example.com", /as browsers write it.*"https:\/\/app\.example\.com"/],
  ["http://app.example.com", /not this machine.*"https:\/\/app\.example\.com"/],
  ["http://localhost.evil.test", /not this machine/],
  ["capacitor://localhost", /not an https origin/],
  ["file://", /not an https origin/],
  ["", /not an https origin/],
  [42, /not a text/],
])("%j is told at start, with the fix", (origin, told) => {
  const { origins, problems } = check(["https://app.example.com", origin]);
  expect(origins).toEqual(["https://app.example.com"]);
  expect(problems).toEqual([expect.stringMatching(/^allowedOrigins\[1\] · /)]);
  expect(problems[0]).toMatch(told);
});

test("a text instead of a list is told", () => {
  expect(check("https://app.example.com").problems).toEqual([expect.stringContaining("is not a list")]);
});

test("a front end on another site is warned about: the cookie would never arrive", () => {
  const warned: object[] = [];
  const log = { warn: (fields: object) => void warned.push(fields) };
  const allowedOrigins = ["https://app.example.com", "https://app.example.org", "http://localhost:4190"];
  warnOfOtherSites({ allowedOrigins, publicUrl, log });
  expect(warned).toEqual([
    { allowedOrigin: "https://app.example.org", publicUrl: "https://admin.example.com" },
    { allowedOrigin: "http://localhost:4190", publicUrl: "https://admin.example.com" },
  ]);
});
