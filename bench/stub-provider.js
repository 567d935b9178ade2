/**
 * A fast OpenID Connect provider in a process of its own, so that the provider is never what is measured. It asks nobody:
 * whoever comes is `Person <person>`, by the parameter `person` that the benchmark adds. It keeps nothing, the code holds
 * all; so it proves nothing either, and is no provider for tests.
 */

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer } from "node:http";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = { ...publicKey.export({ format: "jwk" }), kid: "stub-1", alg: "RS256", use: "sig" };
const HEADER = encode({ alg: "RS256", typ: "JWT", kid: KEY.kid });

const server = createServer(async (request, response) => {
  const url = new URL(request.url, issuer());
  const answer = await ENDPOINTS[url.pathname]?.(url, request);
  if (answer === undefined) response.writeHead(404).end();
  else if (typeof answer === "string") response.writeHead(302, { location: answer }).end();
  else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
});

const ENDPOINTS = {
  "/.well-known/openid-configuration": () => ({
    issuer: issuer(),
    authorization_endpoint: `${issuer()}/authorize`,
    token_endpoint: `${issuer()}/token`,
    userinfo_endpoint: `${issuer()}/userinfo`,
    jwks_uri: `${issuer()}/jwks`,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "profile", "email"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    code_challenge_methods_supported: ["S256"],
    claims_supported: ["sub", "name", "email", "email_verified", "picture"],
  }),
  "/jwks": () => ({ keys: [KEY] }),
  "/authorize": ({ searchParams: query }) => {
    const back = new URL(query.get("redirect_uri"));
    const { person = "0", nonce, client_id } = Object.fromEntries(query);
    back.searchParams.set("code", encode({ person, nonce, client_id }));
    if (query.has("state")) back.searchParams.set("state", query.get("state"));
    return back.href;
  },
  "/token": async (_url, request) => {
    const form = new URLSearchParams(await text(request));
    const { person, nonce, client_id } = decode(form.get("code"));
    const token = `${encode({ person })}.${randomBytes(16).toString("base64url")}`;
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      ...personOf(person),
      iss: issuer(),
      aud: client_id,
      iat: now,
      exp: now + 3600,
      nonce,
      at_hash: createHash("sha256").update(token).digest().subarray(0, 16).toString("base64url"),
    };
    return { access_token: token, token_type: "Bearer", expires_in: 3600, id_token: signed(claims) };
  },
  "/userinfo": (_url, { headers: { authorization } }) => {
    const [person] = authorization.slice("Bearer ".length).split(".");
    return personOf(decode(person).person);
  },
};

function personOf(person) {
  return {
    sub: `person-${person}`,
    name: `Person ${person}`,
    given_name: "Person",
    family_name: person,
    preferred_username: `person-${person}`,
    email: `person-${person}@example.com`,
    email_verified: true,
    picture: `https://pictures.example.com/${person}`,
  };
}

function signed(claims) {
  const input = `${HEADER}.${encode(claims)}`;
  return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(text) {
  return JSON.parse(Buffer.from(text, "base64url").toString());
}

async function text(request) {
  let whole = "";
  for await (const chunk of request) whole += chunk;
  return whole;
}

function issuer() {
  return `http://localhost:${server.address().port}`;
}

server.listen(0, "127.0.0.1", () => process.send(issuer()));
process.on("disconnect", () => process.exit());
