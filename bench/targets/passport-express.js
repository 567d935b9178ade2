import { randomUUID } from "node:crypto";
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { allowInsecureRequests, discovery } from "openid-client";
import { Strategy } from "openid-client/passport";
import passport from "passport";
import { createClient } from "redis";
import { addRoutes } from "../parts/express-application.js";
import { listen } from "../parts/node-application.js";
import { populateBy } from "../parts/sample.js";
import { sign } from "../parts/signed-cookie.js";
import { SqliteSessionStore } from "../parts/sqlite-session-store.js";

const SECRET = "only-for-the-benchmark-0123456789-abcdefgh";
const MAX_AGE = 7 * 24 * 60 * 60_000;

/** Passport with openid-client's strategy; sessions in Redis, in SQLite, or in memory. */
export async function start(settings) {
  const { url, issuer, clientId, clientSecret } = settings;
  const store = await storeFor(settings);
  const app = express();
  app.use(
    session({ secret: SECRET, store, resave: false, saveUninitialized: false, cookie: { maxAge: MAX_AGE } }),
  );
  app.use(passport.initialize());
  app.use(passport.session());
  const config = await discovery(new URL(issuer), clientId, clientSecret, undefined, {
    execute: [allowInsecureRequests],
  });
  const options = { name: "stub", config, scope: "openid profile email", callbackURL: `${url}/callback` };
  passport.use(
    new Strategy(options, (tokens, done) => {
      const { sub, name, email } = tokens.claims();
      done(null, { id: sub, name, email });
    }),
  );
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user, done) => done(null, user));
  app.get("/sign-in", passport.authenticate("stub"));
  app.get("/callback", passport.authenticate("stub", { successRedirect: "/orders" }));
  const requireUser = (req, res, next) =>
    req.isAuthenticated() ? next() : res.status(401).json({ error: "Sign in first." });
  addRoutes(app, requireUser, (req) => req.user.name);
  await listen(app, settings);
  return {
    signIn: { method: "GET", path: "/sign-in" },
    populate: (from, count) => populate(store, from, count),
  };
}

async function storeFor({ redis, database }) {
  if (redis !== undefined)
    return new RedisStore({ client: await createClient({ url: redis }).connect(), prefix: "sess:" });
  if (database !== undefined) return new SqliteSessionStore(database.slice("file:".length));
  return new session.MemoryStore();
}

function populate(store, from, count) {
  const set = (sid, data) =>
    new Promise((resolve, reject) => {
      store.set(sid, data, (error) => (error ? reject(error) : resolve()));
    });
  const cookie = {
    originalMaxAge: MAX_AGE,
    expires: new Date(Date.now() + MAX_AGE),
    httpOnly: true,
    path: "/",
  };
  const fill = () =>
    populateBy(from, count, async (n) => {
      const sid = randomUUID();
      const user = { id: `stored-${n}`, name: `Person ${n}`, email: `stored-${n}@example.com` };
      await set(sid, { cookie, passport: { user } });
      return `connect.sid=${encodeURIComponent(`s:${sign(sid, SECRET)}`)}`;
    });
  return store.together ? store.together(fill) : fill();
}
