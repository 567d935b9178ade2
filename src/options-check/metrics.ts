import { sha256 } from "../crypto/hash.ts";
import type { Report } from "../model/rule-vocabulary.ts";
import type { MetricsOptions } from "../options.ts";
import { checkKeys } from "./keys.ts";

/** What nobody guesses: 32 characters of base64url are 192 bits. Letters that stand in a header as they are. */
const TOKEN = /^[\x21-\x7e]{32,512}$/;

/** Checks who may read the metrics; answers hashes of their tokens, so that the tokens themselves are kept nowhere. */
export function checkMetrics(value: MetricsOptions | undefined, report: Report): readonly string[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null) {
    report("metrics", "does not say who may read them", `Write ${EXAMPLE}, or leave it out.`);
    return [];
  }
  checkKeys(value, ["token"], "metrics.", report);
  const tokens: readonly unknown[] = [value.token].flat();
  const fine = tokens.filter((token) => typeof token === "string" && TOKEN.test(token));
  if (tokens.length === 0 || fine.length < tokens.length) {
    report(
      "metrics.token",
      "is missing, or not 32 to 512 characters without blanks (is its environment variable set?)",
      `Generate one with: node -p "require('node:crypto').randomBytes(32).toString('base64url')" and write ${EXAMPLE}.`,
    );
  }
  return fine.map((token) => sha256(String(token)));
}

const EXAMPLE = "metrics: { token: process.env.METRICS_TOKEN }";
