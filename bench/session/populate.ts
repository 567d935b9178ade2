import { sha256 } from "../../src/crypto/hash.ts";
import { newId, randomToken } from "../../src/crypto/random.ts";
import { openStore } from "../../src/storage/open-store.ts";

const BATCH = 5_000;
const DAY = 24 * 60 * 60_000;
const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

interface Filling {
  /** The number of the first one. */
  readonly from?: number;
  /** The provider of their sessions: one that is configured, or they open nothing. */
  readonly provider?: string;
}

/** Puts so many people into a database, each with a role and one session. Answers the sessions' secrets. */
export async function populate(
  database: string,
  people: number,
  { from = 0, provider = "corp" }: Filling = {},
): Promise<readonly string[]> {
  const silent = () => {};
  const store = await openStore(database, {
    now: Date.now,
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  await store.migrate();
  const secrets: string[] = [];
  while (secrets.length < people) {
    await store.transaction(async (tx) => {
      for (let left = Math.min(BATCH, people - secrets.length); left > 0; left--) {
        const now = Date.now();
        const secret = randomToken();
        const user = newId("usr_", now);
        const number = from + secrets.length;
        const name = `Person ${number}`;
        const email = `person-${number}@demo.example`;
        await tx.users.insert({
          id: user,
          name,
          email,
          picture: "https://pictures.demo.example/u/100000000000000001001",
          status: "active",
          createdAt: now,
          lastSignInAt: now,
        });
        await tx.grants.insert({ userId: user, role: "member", source: "rule", createdAt: now });
        await tx.sessions.insert({
          id: newId("ses_", now),
          userId: user,
          secretHash: sha256(secret),
          provider,
          identityId: newId("idn_", now),
          createdAt: now,
          authenticatedAt: now,
          lastSeenAt: now,
          expiresAt: now + 7 * DAY,
          userAgent: USER_AGENT,
          address: "203.0.113.7",
        });
        secrets.push(secret);
      }
    });
  }
  // What housekeeping would do beside the measuring: whoever has signed in one by one is indexed long since.
  while ((await store.transaction((tx) => tx.users.index(BATCH))) === BATCH);
  await store.close();
  return secrets;
}
