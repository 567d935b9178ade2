import { expect, test } from "vitest";
import { checkAuthTime, checkTimes } from "./id-token-times.ts";

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

/** The attempt began five minutes ago. */
const SINCE = (NOW - 300) * 1000;

test.each([[NOW], [NOW + 60], [NOW - 300], [NOW - 360]])(
  "auth_time %d is since the attempt began",
  (auth_time) => {
    expect(() => checkAuthTime({ auth_time }, SINCE, NOW * 1000)).not.toThrow();
  },
);

test.each([
  [{}, "auth_time_missing"],
  [{ auth_time: null }, "auth_time_missing"],
  [{ auth_time: String(NOW) }, "auth_time_missing"],
  [{ auth_time: NOW + 0.5 }, "auth_time_missing"],
  [{ auth_time: Number.NaN }, "auth_time_missing"],
  [{ auth_time: NOW + 61 }, "auth_time_in_future"],
  [{ auth_time: NOW * 1000 }, "auth_time_in_future"],
  [{ auth_time: NOW - 361 }, "auth_time_too_old"],
  [{ auth_time: 0 }, "auth_time_too_old"],
  [{ auth_time: -1 }, "auth_time_too_old"],
])("%j proves nothing: %s", (claims, reason) => {
  expect(() => checkAuthTime(claims, SINCE, NOW * 1000)).toThrow(
    expect.objectContaining({ code: "step_up_failed", reason }),
  );
});
