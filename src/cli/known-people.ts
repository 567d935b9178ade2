import type { KnownPerson } from "../access/compare-access.ts";
import type { User } from "../model/user.ts";
import type { Settings } from "../options.ts";
import type { Postern } from "../postern.ts";

/** As many as the store gives at once. */
const PAGE = 200;

/** Everybody active who has signed in before, page by page, in the order they came. */
export async function* knownPeople(door: Postern, settings: Settings): AsyncGenerator<KnownPerson> {
  let after: string | undefined;
  for (;;) {
    const page = await door.users.list({
      status: "active",
      limit: PAGE,
      ...(after !== undefined && { after }),
    });
    for (const user of page) yield await knownPerson(door, settings, user);
    after = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

/** What is kept of a person as far as rules look at it, with the accounts whose provider is configured. */
export async function knownPerson(door: Postern, settings: Settings, user: User): Promise<KnownPerson> {
  const identities = await door.users.identitiesOf(user.id);
  const grants = await door.users.grantsOf(user.id);
  const { id, name, email } = user;
  return {
    userId: id,
    name,
    email,
    accounts: identities
      .filter(({ provider }) => settings.providers.some((definition) => definition.id === provider))
      .map(({ provider, issuer, subject, email, emailVerified }) => ({
        provider,
        userInfo: { issuer, subject, email, emailVerified },
        facts: [],
      })),
    directRoles: grants.filter(({ source }) => source === "direct").map(({ role }) => role),
  };
}
