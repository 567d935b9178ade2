import { confirm } from "../confirm.ts";
import type { Invocation } from "../invocation.ts";
import { findRole, roleChange, roleDocument, roleTerms, tellingRoles } from "../roles.ts";
import { withPostern } from "../with-postern.ts";

/** `postern roles delete <role>`: takes it from everybody, too. Refused while anything would still give it. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, out, words } = invocation;
  const [name = ""] = operands;
  await withPostern(invocation, async (office) => {
    const before = await findRole(office, name);
    const remove = (dryRun: boolean) =>
      tellingRoles(name, () => office.door.roles.remove(name, { ...roleTerms(invocation), dryRun }));
    // Everything that would be refused is, before anybody is asked.
    const foreseen = await remove(true);
    const what = words.roles.wouldDelete(name, foreseen.holders);
    if (!flags.dryRun) await confirm(invocation, office, what);
    const { holders } = flags.dryRun ? foreseen : await remove(false);
    out.answer(
      roleChange(invocation, "role.removed", {
        changed: true,
        warnings: [],
        role: { ...roleDocument(before), holders },
      }),
      flags.dryRun ? what : out.done(words.roles.deleted(name, holders)),
    );
  });
}
