import { type DeletedUser, type DeletedUserReader, RESTORABLE_FOR } from "../model/deleted-user.ts";
import type { IdentityKey } from "../model/identity.ts";
import type { ExpectedPerson } from "../model/pending-grant.ts";
import { expectationsOf } from "../users/expected-person.ts";

type Reads = { readonly deletedUsers: Pick<DeletedUserReader, "find" | "following"> };

/** Who was deleted and can be restored, by what leads to them: no file brings them back. */
export interface DeletedPeople {
  /** Learns of those who were deleted since it last looked. */
  catchUp(reads: Reads): Promise<void>;
  /** Whether one of them came with this identity, or is who is expected so. */
  has(reads: Reads, key: IdentityKey | ExpectedPerson): Promise<boolean>;
}

const PAGE = 500;
/** In milliseconds: clocks differ, and what was deleted first may be written last. */
const OVERLAP = 10 * 60 * 1_000;

/**
 * They are kept in a form that no database finds them in by an identity, so all of them are read once for an import, of
 * which each is some hundred bytes. `now` in milliseconds since the epoch.
 */
export function createDeletedPeople(now: () => number): DeletedPeople {
  const ids = new Map<string, Set<string>>();
  let read = now() - RESTORABLE_FOR;

  const remember = ({ user, identities }: DeletedUser) => {
    for (const identity of identities) {
      for (const key of [identity, ...expectationsOf(identity.provider, identity)].map(textOf))
        ids.set(key, (ids.get(key) ?? new Set()).add(user.id));
    }
  };

  return {
    async catchUp({ deletedUsers }) {
      const begun = now();
      for (let last = { deletedAt: read, id: "" }; ; ) {
        const page = await deletedUsers.following(last, PAGE);
        page.forEach(remember);
        const [end] = page.slice(-1);
        if (end === undefined || page.length < PAGE) break;
        last = { deletedAt: end.deletedAt, id: end.user.id };
      }
      read = begun - OVERLAP;
    },

    async has({ deletedUsers }, key) {
      // Somebody may have been restored meanwhile, or forgotten for good.
      for (const id of ids.get(textOf(key)) ?? []) if ((await deletedUsers.find(id)).length > 0) return true;
      return false;
    },
  };
}

function textOf(key: IdentityKey | ExpectedPerson): string {
  return JSON.stringify("who" in key ? [key.provider, key.who] : [key.provider, key.issuer, key.subject]);
}
