import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import oauth2 from "@fastify/oauth2";
import session from "@fastify/session";
import fastify from "fastify";
import { addRoutes } from "../parts/fastify-application.js";
import { populateBy } from "../parts/sample.js";
import { sign } from "../parts/signed-cookie.js";

const SECRET = "only-for-the-benchmark-0123456789-abcdefgh";
const MAX_AGE = 7 * 24 * 60 * 60_000;

/** @fastify/oauth2, which asks userinfo and checks no ID token, and @fastify/session, in memory. */
export async function start({ url, port, issuer, clientId, clientSecret }) {
  const app = fastify();
  const store = new session.MemoryStore();
  await app.register(cookie);
  await app.register(session, {
    secret: SECRET,
    store,
    saveUninitialized: false,
    cookie: { secure: false, maxAge: MAX_AGE },
  });
  await app.register(oauth2, {
    name: "stub",
    scope: ["openid", "profile", "email"],
    credentials: { client: { id: clientId, secret: clientSecret } },
    startRedirectPath: "/sign-in",
    callbackUri: `${url}/callback`,
    discovery: { issuer },
  });
  app.get("/callback", async (request, reply) => {
    const { token } = await app.stub.getAccessTokenFromAuthorizationCodeFlow(request, reply);
    const { sub, name, email } = await app.stub.userinfo(token);
    await request.session.regenerate();
    request.session.user = { id: sub, name, email };
    return reply.redirect("/orders");
  });
  const requireUser = async (request, reply) => {
    if (!request.session.user) return reply.code(401).send({ error: "Sign in first." });
  };
  addRoutes(app, requireUser, (request) => request.session.user.name);
  await app.listen({ port, host: "127.0.0.1" });
  return {
    signIn: { method: "GET", path: "/sign-in" },
    populate: (from, count) => populate(store, from, count),
  };
}

function populate(store, from, count) {
  const expires = new Date(Date.now() + MAX_AGE);
  return populateBy(from, count, (n) => {
    const sid = randomUUID();
    const user = { id: `stored-${n}`, name: `Person ${n}`, email: `stored-${n}@example.com` };
    store.set(
      sid,
      { cookie: { originalMaxAge: MAX_AGE, expires, secure: false, httpOnly: true, path: "/" }, user },
      () => {},
    );
    return `sessionId=${encodeURIComponent(sign(sid, SECRET))}`;
  });
}
