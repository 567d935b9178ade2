import type { Identity } from "../../model/identity.ts";
import { isRemovable } from "../../users/unlink-identity.ts";
import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { changeDocument, findPerson, nameOf } from "../people.ts";
import { printable } from "../printable.ts";
import { withPostern } from "../with-postern.ts";

/** `postern users unlink <who> <account>`: takes one of somebody's accounts away as a way to sign in. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = "", account = ""] = operands;
  await withPostern(invocation, async (office) => {
    const { users, sessions } = office.door;
    const { wouldUnlink, unlinked } = words.accounts;
    const person = await findPerson(office.door, who);
    const identities = await users.identitiesOf(person.id);
    const identity = findAccount(identities, account);
    const [name, place] = [nameOf(person), accountName(identity)];
    if (!isRemovable(identity, identities, office.settings)) {
      throw new CliFailure("last_identity", (said) => said.accounts.lastIdentity(name), {
        more: { userId: person.id, identity: identity.id },
      });
    }
    const open = await sessions.ofUser(person.id);
    const expected = open.filter(({ identityId }) => identityId === identity.id).length;
    if (!flags.dryRun) await confirm(invocation, office, wouldUnlink(name, place, expected));

    const count = flags.dryRun ? expected : await users.unlink(person.id, identity.id, actor(), flags.reason);
    out.answer(
      changeDocument(invocation, person, { action: "identity.unlinked", count, changed: true }),
      flags.dryRun ? wouldUnlink(name, place, count) : out.done(unlinked(name, place, count)),
    );
  });
}

/** By its id, or as the list of a person's accounts writes it: `provider:handle`. @throws CliFailure `identity_not_found` */
function findAccount(identities: readonly Identity[], account: string): Identity {
  const found = identities.filter(
    (identity) =>
      identity.id === account ||
      [identity.handle, identity.subject].some((name) => `${identity.provider}:${name}` === account),
  );
  const [identity] = found;
  if (identity !== undefined && found.length === 1) return identity;
  throw new CliFailure("identity_not_found", (words) => words.accounts.identityNotFound(printable(account)), {
    hint: () => identities.map((one) => `  ${one.id}  ${accountName(one)}`).join("\n"),
    more: { account, matches: identities.map(({ id, provider, handle }) => ({ id, provider, handle })) },
  });
}

function accountName({ provider, handle, subject }: Identity): string {
  return printable(`${provider}:${handle ?? subject}`);
}
