import { actor } from "../actor.ts";
import type { Invocation } from "../invocation.ts";
import { changeDocument, findPerson, nameOf } from "../people.ts";
import { requireKnownRole } from "../roles.ts";
import { withPostern } from "../with-postern.ts";

/** `postern users grant <who> <role>`. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = "", role = ""] = operands;
  await withPostern(invocation, async (office) => {
    requireKnownRole(office, role);
    const { users } = office.door;
    const person = await findPerson(office.door, who);
    const name = nameOf(person);

    const held = (await users.grantsOf(person.id)).some(
      (grant) => grant.role === role && grant.source === "direct",
    );
    const changed = flags.dryRun ? !held : await users.grant(person.id, role, actor(), flags.reason);
    const { wouldGrant, granted, grantedAlready } = words.users;
    const sentence = flags.dryRun ? wouldGrant(name, role) : out.done(granted(name, role));
    out.answer(
      changeDocument(invocation, person, { action: "role.granted", role, changed }),
      changed ? sentence : grantedAlready(name, role),
    );
  });
}
