import { expect, onTestFinished, test } from "vitest";
import { startPgbouncer } from "../../test/support/pgbouncer.ts";
import { freshDatabase } from "../../test/support/postgres.ts";
import { sha256 } from "../crypto/hash.ts";
import { newId } from "../crypto/random.ts";
import { type Log, SILENT_LOG } from "../model/log.ts";
import type { Session } from "../model/session.ts";
import type { User } from "../model/user.ts";
import { openPostgres } from "./postgres.ts";

const NOW = 1_800_000_000_000;
const PEOPLE = Array.from({ length: 40 }, (_, number) => number);

test("behind a pooler that lends a connection for one transaction: nobody notices, and it is said once", async () => {
  const pooler = await startPgbouncer(await freshDatabase(), 3);
  onTestFinished(() => pooler.stop());
  const told: string[] = [];
  const log: Log = { ...SILENT_LOG, info: (_, message) => void told.push(message) };
  const store = await openPostgres(pooler.url, { now: () => NOW, log });
  onTestFinished(() => store.close());
  await store.migrate();
  // Others that migrate are lent connections on which the first one has said the same.
  for (let more = 0; more < 3; more++) {
    const other = await openPostgres(pooler.url, { now: () => NOW, log: SILENT_LOG });
    onTestFinished(() => other.close());
    expect(await other.migrate()).toEqual([]);
  }

  const comeIn = async (number: number) => {
    const user: User = { ...SOMEBODY, id: newId("usr_", NOW), name: `Person ${number}` };
    const session: Session = {
      ...SESSION,
      id: newId("ses_", NOW),
      userId: user.id,
      secretHash: sha256(`${number}`),
    };
    await store.transaction(async (tx) => {
      const found = [
        tx.policy.hold(),
        tx.policy.version(),
        tx.users.insert(user),
        tx.sessions.insert(session),
      ];
      expect((await Promise.all(found))[1]).toBe(1);
    });
    return user;
  };
  const people = await Promise.all(PEOPLE.map(comeIn));
  for (let round = 0; round < 5; round++) {
    const found = await Promise.all(
      PEOPLE.map((number) => store.sessions.findBySecretHash(sha256(`${number}`))),
    );
    expect(found.map((one) => one?.user.name)).toEqual(people.map(({ name }) => name));
    const read = await Promise.all(people.map(({ id }) => store.users.get(id)));
    expect(read).toEqual(people);
  }
  // Newer poolers keep names for their clients, and then there is nothing to say.
  expect(told.length).toBeLessThanOrEqual(1);
});

const SOMEBODY: Omit<User, "id" | "name"> = {
  email: null,
  picture: null,
  status: "active",
  createdAt: NOW,
  lastSignInAt: NOW,
};

const SESSION: Omit<Session, "id" | "userId" | "secretHash"> = {
  provider: "rehearsal",
  identityId: "idn_1",
  createdAt: NOW,
  authenticatedAt: NOW,
  lastSeenAt: NOW,
  expiresAt: NOW + 60_000,
  userAgent: null,
  address: null,
};
