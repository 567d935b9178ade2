import { createHmac, randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { genericOAuth } from "better-auth/plugins";
import { populateBy } from "./sample.js";

const SECRET = "only-for-the-benchmark-0123456789-abcdefgh";

/** How a browser signs in: what the client library sends when a button is pressed. */
export const SIGN_IN = {
  method: "POST",
  path: "/api/auth/sign-in/social",
  json: { provider: "stub", callbackURL: "/orders" },
};

/** Better Auth with SQLite and one OpenID Connect provider, as its documentation shows it. */
export async function openBetterAuth({ url, issuer, clientId, clientSecret, database, cookieCache }) {
  const sqlite = new DatabaseSync(database.slice("file:".length));
  sqlite.exec("pragma journal_mode = wal; pragma synchronous = normal");
  const auth = betterAuth({
    baseURL: url,
    secret: SECRET,
    database: sqlite,
    // The benchmark is one address that signs in ten thousand times.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    ...(cookieCache && { session: { cookieCache: { enabled: true, maxAge: 5 * 60 } } }),
    plugins: [
      genericOAuth({
        config: [
          {
            providerId: "stub",
            discoveryUrl: `${issuer}/.well-known/openid-configuration`,
            clientId,
            clientSecret,
            scopes: ["openid", "profile", "email"],
            pkce: true,
          },
        ],
      }),
    ],
  });
  await (await getMigrations(auth.options)).runMigrations();
  // Its cookie cache is signed into the cookie at the sign-in: sessions that are put into the store have none.
  return { auth, populate: cookieCache ? undefined : (from, count) => populate(auth, sqlite, from, count) };
}

/** Copies of one person with one session, by SQL. */
async function populate(auth, sqlite, from, count) {
  const { internalAdapter } = await auth.$context;
  const email = `template-${randomUUID()}@example.com`;
  const user = await internalAdapter.createUser({ name: "Template", email, emailVerified: true });
  const session = await internalAdapter.createSession(user.id);
  const addUser = copyRow(sqlite, "user", user.id, ["id", "name", "email"]);
  const addSession = copyRow(sqlite, "session", session.id, ["id", "token", "userId"]);
  sqlite.exec("begin");
  const cookies = await populateBy(from, count, (n) => {
    const [id, token] = [randomUUID(), randomUUID()];
    addUser.run(id, `Person ${n}`, `stored-${n}@example.com`);
    addSession.run(randomUUID(), token, id);
    const signature = createHmac("sha256", SECRET).update(token).digest("base64");
    return `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
  });
  sqlite.exec("commit");
  return cookies;
}

/** A statement that inserts the row with this id once more, with other values in some columns. */
function copyRow(sqlite, table, id, changed) {
  const columns = sqlite.prepare(`select name from pragma_table_info('${table}')`).all();
  const kept = columns.map(({ name }) => name).filter((name) => !changed.includes(name));
  const quoted = (names) => names.map((name) => `"${name}"`).join(", ");
  return sqlite.prepare(
    `insert into "${table}" (${quoted([...changed, ...kept])})
     select ${changed.map(() => "?").join(", ")}, ${quoted(kept)} from "${table}" where id = '${id}'`,
  );
}
