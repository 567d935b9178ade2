import { expect, test } from "vitest";
import { checkTimes } from "./id-token-times.ts";

const NOW = 1_795_083_200;
const TEN_YEARS = 10 * 365 * 24 * 3600;

function check(claims: Record<string, unknown>) {
  return () => checkTimes({ iat: NOW, exp: NOW + 3600, ...claims }, NOW * 1000);
}

test.each([
  [{}],
  [{ iat: NOW + 60 }],
  [{ iat: NOW - 60, exp: NOW - 59 }],
  [{ nbf: NOW + 60 }],
  [{ nbf: NOW - TEN_YEARS }],
  [{ iat: NOW - 3660 }],
  [{ iat: NOW + 0.5, exp: NOW + 0.75 }],
])("%j passes", (claims) => {
  expect(check(claims)).not.toThrow();
});

test.each([
  [{ iat: NOW + 61 }, "issued_in_future", 61, 61],
  [{ iat: NOW + 300 }, "issued_in_future", 300, 300],
  [{ iat: NOW + 3600 }, "issued_in_future", 3600, 3600],
  [{ nbf: NOW + 61 }, "token_not_yet_valid", 61, 0],
  [{ iat: NOW - 360, exp: NOW - 60 }, "token_expired", -60, -360],
  [{ iat: NOW - 3900, exp: NOW - 300 }, "token_expired", -300, -3900],
])("%j is a wrong clock", (claims, reason, offBySeconds, providerClockAheadBySeconds) => {
  expect(check(claims)).toThrow(
    expect.objectContaining({
      code: "clock_skew",
      reason,
      detail: expect.objectContaining({ offBySeconds, providerClockAheadBySeconds }),
    }),
  );
});

test.each([
  [{ iat: NOW + 3601 }, "issued_in_future"],
  [{ nbf: NOW + 3601 }, "token_not_yet_valid"],
  [{ iat: NOW - 7200, exp: NOW - 3601 }, "token_expired"],
  [{ iat: NOW - TEN_YEARS, exp: NOW + TEN_YEARS }, "token_too_old"],
  [{ iat: NOW - 3661 }, "token_too_old"],
  [{ iat: undefined }, "claim_missing"],
  [{ iat: null }, "claim_missing"],
  [{ iat: String(NOW) }, "claim_missing"],
  [{ exp: undefined }, "claim_missing"],
  [{ exp: "9999999999" }, "claim_missing"],
  [{ exp: Number.POSITIVE_INFINITY }, "claim_missing"],
  [{ nbf: "soon" }, "claim_missing"],
])("%j cannot be trusted", (claims, reason) => {
  expect(check(claims)).toThrow(expect.objectContaining({ code: "provider_untrusted", reason }));
});
