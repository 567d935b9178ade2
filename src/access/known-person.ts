import type { Store } from "../model/store.ts";
import type { User, UserReader } from "../model/user.ts";
import type { Settings } from "../options.ts";
import type { KnownPerson } from "./compare-access.ts";

type Uses = Pick<Store, "identities" | "grants">;

/** As many as the store gives at once. */
const PAGE = 200;

/** Everybody active who has signed in before, page by page, in the order they came; with a role, those who hold it. */
export async function* knownPeople(
  store: Uses & { readonly users: Pick<UserReader, "list"> },
  settings: Pick<Settings, "providers">,
  role?: string,
): AsyncGenerator<KnownPerson> {
  const query = { status: "active", limit: PAGE, ...(role !== undefined && { role }) } as const;
  for (let after: string | undefined; ; ) {
    const page = await store.users.list({ ...query, ...(after !== undefined && { after }) });
    for (const user of page) yield await knownPerson(store, settings, user);
    after = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

/** What is kept of a person as far as rules look at it, with the accounts whose provider is configured. */
export async function knownPerson(
  store: Uses,
  { providers }: Pick<Settings, "providers">,
  { id, name, email }: Pick<User, "id" | "name" | "email">,
): Promise<KnownPerson> {
  const identities = await store.identities.ofUser(id);
  const grants = await store.grants.ofUser(id);
  return {
    userId: id,
    name,
    email,
    accounts: identities
      .filter(({ provider }) => providers.some((definition) => definition.id === provider))
      .map(({ provider, issuer, subject, email, emailVerified }) => ({
        provider,
        userInfo: { issuer, subject, email, emailVerified },
        facts: [],
      })),
    directRoles: grants.filter(({ source }) => source === "direct").map(({ role }) => role),
  };
}
