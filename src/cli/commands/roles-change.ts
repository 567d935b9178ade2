import { confirm } from "../confirm.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { dangerousAmong, readPermissions } from "../permissions.ts";
import { readTitle } from "../read-title.ts";
import { findRole, roleChange, roleDocument, roleTerms, tellingRoles } from "../roles.ts";
import { withPostern } from "../with-postern.ts";

/** `postern roles change <role>`: other permissions with `--permission`, another title with `--title`; an empty one is none. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, out, words } = invocation;
  const [name = ""] = operands;
  const { permission } = flags;
  if (permission === undefined && flags.title === undefined)
    throw new CliFailure("missing_value", (words) => words.missingValue("--permission <permission>"));
  await withPostern(invocation, async (office) => {
    const { roles } = office.door;
    const before = await findRole(office, name);
    const permissions =
      permission === undefined ? before.permissions : readPermissions(invocation, roles.permissions());
    const title = readTitle(flags.title, before.title);
    const change = {
      ...(permission !== undefined && { permissions }),
      ...(title !== undefined && { title }),
    };
    // Everything that would be refused is, before anybody is asked.
    const foreseen = await tellingRoles(name, () =>
      roles.change(name, change, { ...roleTerms(invocation), dryRun: true }),
    );
    const lost = before.permissions.filter((one) => !permissions.includes(one));
    const gained = permissions.filter((one) => !before.permissions.includes(one));
    const what = words.roles.wouldChange(name, { gained, lost, holders: before.holders });
    if (lost.length > 0 && !flags.dryRun) await confirm(invocation, office, what);
    const { role, changed } = flags.dryRun
      ? foreseen
      : await tellingRoles(name, () => roles.change(name, change, roleTerms(invocation)));
    const dangerous = dangerousAmong(gained, roles.permissions());
    const document = roleChange(invocation, "role.changed", {
      changed,
      warnings: dangerous.length > 0 ? ["dangerous_permission"] : [],
      role: { ...roleDocument(before), title: role.title ?? before.title, permissions: role.permissions },
    });
    const sentence = flags.dryRun ? what : out.done(words.roles.changed(name));
    out.answer(document, changed ? sentence : words.roles.nothing(name));
    if (dangerous.length > 0) out.say(words.roles.dangerous(dangerous.join(", ")));
  });
}
