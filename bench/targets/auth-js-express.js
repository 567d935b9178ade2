import { randomUUID } from "node:crypto";
import { ExpressAuth, getSession } from "@auth/express";
import PostgresAdapter from "@auth/pg-adapter";
import express from "express";
import pg from "pg";
import { addRoutes } from "../parts/express-application.js";
import { listen } from "../parts/node-application.js";
import { populateBy } from "../parts/sample.js";

/** Auth.js; with sessions in PostgreSQL where there is a database, otherwise in JWTs. */
export async function start(settings) {
  const { url, issuer, clientId, clientSecret, database } = settings;
  process.env.AUTH_URL = url;
  const pool = database === undefined ? null : new pg.Pool({ connectionString: database });
  await pool?.query(SCHEMA);
  const config = {
    secret: "only-for-the-benchmark-0123456789-abcdefgh",
    trustHost: true,
    providers: [{ id: "stub", name: "Stub", type: "oidc", issuer, clientId, clientSecret }],
    ...(pool !== null && { adapter: PostgresAdapter(pool), session: { strategy: "database" } }),
  };
  const app = express();
  // An expression, because it looks for a part of the path that has no name.
  app.use(/^\/auth\/(.*)/, ExpressAuth(config));
  const requireUser = async (req, res, next) => {
    const session = await getSession(req, config);
    if (!session?.user) return res.status(401).json({ error: "Sign in first." });
    res.locals.session = session;
    next();
  };
  addRoutes(app, requireUser, (_req, res) => res.locals.session.user.name);
  await listen(app, settings);
  return {
    signIn: {
      method: "POST",
      path: "/auth/signin/stub",
      csrf: "/auth/csrf",
      form: { callbackUrl: `${url}/orders` },
    },
    ...(pool !== null && { populate: (from, count) => populate(pool, from, count) }),
  };
}

async function populate(pool, from, count) {
  const prefix = randomUUID();
  await pool.query(
    `with people as (
       insert into users (name, email)
       select 'Person ' || n, 'stored-' || n || '@example.com' from generate_series($1::int, $2::int) n
       returning id
     )
     insert into sessions ("userId", expires, "sessionToken")
     select id, now() + interval '7 days', $3::text || '-' || row_number() over () from people`,
    [from, from + count - 1, prefix],
  );
  await pool.query("analyze");
  return populateBy(0, count, (n) => `authjs.session-token=${prefix}-${n + 1}`);
}

/** From the documentation of @auth/pg-adapter, with the indexes that the look-ups need. */
const SCHEMA = `
  create table if not exists verification_token (
    identifier text not null, expires timestamptz not null, token text not null, primary key (identifier, token));
  create table if not exists accounts (
    id serial primary key, "userId" integer not null, type varchar(255) not null, provider varchar(255) not null,
    "providerAccountId" varchar(255) not null, refresh_token text, access_token text, expires_at bigint, id_token text,
    scope text, session_state text, token_type text);
  create table if not exists sessions (
    id serial primary key, "userId" integer not null, expires timestamptz not null, "sessionToken" varchar(255) not null);
  create table if not exists users (
    id serial primary key, name varchar(255), email varchar(255), "emailVerified" timestamptz, image text);
  create index if not exists sessions_token on sessions ("sessionToken");
  create index if not exists accounts_subject on accounts (provider, "providerAccountId");
  create index if not exists users_email on users (email);
`;
