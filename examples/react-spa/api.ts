/** Another service: it knows nothing but the back office's address, and lets in whoever brings a token that is meant for it. */

import { createServer } from "node:http";
import { createVerifier, TokenError } from "postern/verify";

const port = Number(process.env.PORT ?? 4191);
const frontEnd = process.env.FRONT_END ?? "http://localhost:4190";
const verifier = createVerifier({
  issuer: process.env.ISSUER ?? "http://localhost:4180/auth",
  audience: "demo-api",
  jwksUrl: process.env.JWKS_URL,
});

const HEADERS = {
  "access-control-allow-origin": frontEnd,
  "access-control-allow-headers": "authorization",
  "access-control-max-age": "600",
  "content-type": "application/json",
  vary: "Origin",
};

createServer(async (request, response) => {
  // A preflight brings no token. A 401 must be readable as well: it is what makes the front end fetch a fresh one.
  if (request.method === "OPTIONS") {
    response.writeHead(204, HEADERS).end();
    return;
  }
  try {
    const { sub, roles } = await verifier.verifyHeader(request.headers.authorization);
    response
      .writeHead(200, HEADERS)
      .end(JSON.stringify({ for: sub, roles, orders: [{ id: 1001, what: "Teapot" }] }));
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    response.writeHead(401, HEADERS).end(JSON.stringify({ code: error.code }));
  }
}).listen(port, "127.0.0.1", () => console.log(`Serving http://localhost:${port}/orders`));
