import { foldEmail } from "../access/email.ts";
import type { Identity } from "../model/identity.ts";
import type { Store } from "../model/store.ts";
import type { User } from "../model/user.ts";
import type { Settings } from "../options.ts";

/**
 * Everybody whom a text may mean: by id or e-mail, or with `provider:` in front by handle, subject or e-mail there. All of
 * them, and none before another: people choose their handles, and one may be written like an id or an e-mail of somebody else.
 */
export async function findUsers(
  { users, identities }: Pick<Store, "users" | "identities">,
  who: string,
): Promise<readonly User[]> {
  const found = new Map((await users.find(who)).map((user) => [user.id, user]));
  const named = atProvider(who);
  if (named === null) return [...found.values()];
  const { provider, name } = named;
  for (const { userId } of await identities.findByHandle(provider, name)) {
    const user = await users.get(userId);
    if (user !== null) found.set(userId, user);
  }
  // As `owners` of the configuration names people: tells apart those who have the same e-mail at different providers.
  for (const user of name.includes("@") ? await users.find(name) : []) {
    const theirs = await identities.ofUser(user.id);
    if (theirs.some((one) => one.provider === provider && hasEmail(one, name))) found.set(user.id, user);
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Whether a text can mean nobody but the person with these identities, who was found by it. A handle alone is not enough
 * where the text could be the subject or the e-mail of somebody who has yet to come, and neither is an e-mail there that
 * is not verified.
 */
export function meansForCertain(
  { providers }: Pick<Settings, "providers">,
  who: string,
  identities: readonly Identity[],
): boolean {
  const named = atProvider(who);
  if (named === null) return true;
  const { provider, name } = named;
  const there = identities.filter((one) => one.provider === provider);
  if (name.includes("@")) return there.some((one) => one.emailVerified === true && hasEmail(one, name));
  if (there.some(({ subject }) => subject === name)) return true;
  const { pattern } = providers.find(({ id }) => id === provider)?.subjectShape ?? MADE_UP;
  return !pattern.test(name);
}

/** Where it is not known what ids look like: those that a provider makes up have digits. */
const MADE_UP = { pattern: /\d/ };

function atProvider(who: string): { readonly provider: string; readonly name: string } | null {
  const colon = who.indexOf(":");
  return colon === -1 ? null : { provider: who.slice(0, colon), name: who.slice(colon + 1) };
}

function hasEmail({ email }: Pick<Identity, "email">, wanted: string): boolean {
  const folded = foldEmail(wanted);
  return folded !== null && foldEmail(email) === folded;
}
