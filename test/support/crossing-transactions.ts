import { newEvent } from "../../src/audit/new-event.ts";
import type { Store } from "../../src/model/store.ts";
import type { User } from "../../src/model/user.ts";

/**
 * Two transactions, each of which has locked the one of these two people whom the other is about to change: the server
 * undoes one of them. Each asks for another row at once with what makes them wait, and may be begun again. Answers the
 * names that they left, and how many of those rows.
 */
export async function crossTransactions(
  store: Store,
  people: readonly [User, User],
): Promise<{ readonly names: readonly unknown[]; readonly rows: number }> {
  await store.transaction(async (tx) => {
    for (const person of people) await tx.users.insert(person);
  });
  const locked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const cross = (mine: 0 | 1, other: 0 | 1) =>
    store.transaction(async (tx) => {
      await tx.users.lock(people[mine].id);
      locked[mine]?.resolve();
      await locked[other]?.promise;
      const { email, picture, lastSignInAt } = people[other];
      // Through more hands than what comes after it, so that its error is heard last.
      const change = async () => {
        await (async () => {
          await tx.users.update(people[other].id, { name: `by ${mine}`, email, picture, lastSignInAt });
        })();
      };
      await Promise.all([change(), tx.audit.insert(newEvent(0, { action: "user.updated" }))]);
    });
  await Promise.all([cross(0, 1), cross(1, 0)]);
  const names = await Promise.all(people.map(async ({ id }) => (await store.users.get(id))?.name));
  return { names, rows: (await store.audit.list({ limit: 10 })).length };
}
