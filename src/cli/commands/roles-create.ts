import type { Invocation } from "../invocation.ts";
import { dangerousAmong, readPermissions } from "../permissions.ts";
import { readTitle } from "../read-title.ts";
import { findRole, roleChange, roleDocument, roleTerms, tellingRoles } from "../roles.ts";
import { withPostern } from "../with-postern.ts";

/** `postern roles create <role> --permission <permission>`: makes a role that is kept in the database. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, out, words } = invocation;
  const [name = ""] = operands;
  await withPostern(invocation, async (office) => {
    const { roles } = office.door;
    const permissions = readPermissions(invocation, roles.permissions());
    const title = readTitle(flags.title, { en: name, "zh-CN": name });
    const wish = { name, permissions, title };
    const made = await tellingRoles(name, () => roles.create(wish, roleTerms(invocation)));
    const dangerous = dangerousAmong(made.permissions, roles.permissions());
    const role = flags.dryRun
      ? {
          name,
          title: made.title,
          source: "database",
          locked: false,
          permissions: made.permissions,
          holders: 0,
        }
      : roleDocument(await findRole(office, name));
    const may = made.permissions.join(", ");
    out.answer(
      roleChange(invocation, "role.created", {
        changed: true,
        warnings: dangerous.length > 0 ? ["dangerous_permission"] : [],
        role,
      }),
      flags.dryRun ? words.roles.wouldCreate(name, may) : out.done(words.roles.created(name, may)),
    );
    if (dangerous.length > 0) out.say(words.roles.dangerous(dangerous.join(", ")));
  });
}
