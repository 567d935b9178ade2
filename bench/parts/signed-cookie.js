import { createHmac } from "node:crypto";

/** `value.signature` as `cookie-signature` makes it, which express-session and @fastify/cookie use. */
export function sign(value, secret) {
  const signature = createHmac("sha256", secret).update(value).digest("base64").replace(/=+$/, "");
  return `${value}.${signature}`;
}
