import type { Report } from "../model/rule-vocabulary.ts";

const SECRET_FIX =
  "Generate one with: node -p \"require('node:crypto').randomBytes(32).toString('base64url')\" and put it into POSTERN_SECRET.";

/**
 * Reports what is wrong with `secret`. No message repeats it. A comma is never part of one, wherever it was written:
 * `secret: process.env.POSTERN_SECRET` would otherwise make one unknown secret of two, and say nothing.
 */
export function checkSecrets(value: unknown, report: Report): readonly string[] {
  const secrets = (Array.isArray(value) ? value : [value]).flatMap((secret: unknown) =>
    typeof secret === "string" ? secret.split(",").map((part) => part.trim()) : "",
  );
  if (secrets.length === 0 || secrets.every((secret) => secret === "")) {
    report("secret", "is missing (is its environment variable set?)", SECRET_FIX);
    return [];
  }
  secrets.forEach((secret, index) => {
    const path = secrets.length === 1 ? "secret" : `secret[${index}]`;
    if (Buffer.byteLength(secret) < 32) report(path, "is shorter than 32 bytes", SECRET_FIX);
    else if (new Set(secret).size < 10 || /change.?me|your.?secret|placeholder/i.test(secret)) {
      report(path, "looks like a placeholder", SECRET_FIX);
    }
  });
  return secrets;
}
