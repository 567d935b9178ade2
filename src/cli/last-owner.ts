import { PosternError } from "../errors.ts";
import type { User } from "../model/user.ts";
import { CliFailure } from "./failure.ts";
import { nameOf } from "./people.ts";
import type { Office } from "./with-postern.ts";

/** @throws CliFailure `last_owner` when nothing may take this person's way in, or their role */
export async function refuseLastOwner({ door }: Pick<Office, "door">, person: User): Promise<void> {
  if (await door.users.isLastOwner(person.id)) throw lastOwner(person);
}

/**
 * Does the change; the last word is its transaction's, whatever was foreseen.
 * @throws CliFailure `last_owner`
 */
export async function unlessLastOwner<T>(person: User, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (error instanceof PosternError && error.code === "last_owner") throw lastOwner(person);
    throw error;
  }
}

function lastOwner(person: User): CliFailure {
  return new CliFailure("last_owner", (words) => words.lastOwner(nameOf(person)), {
    hint: (words) => words.lastOwnerHint,
    more: { userId: person.id },
  });
}
