import { PosternError } from "../../errors.ts";
import type { CreatedRole, RoleWish } from "../../index.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { dangerousAmong, readPermissions } from "../permissions.ts";
import { printable } from "../printable.ts";
import { readTitle } from "../read-title.ts";
import { findRole, roleChange, roleDocument, roleTerms, tellingRoles } from "../roles.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** `postern roles create <role> --permission <permission>`: makes a role that is kept in the database. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, out, words } = invocation;
  const [name = ""] = operands;
  await withPostern(invocation, async (office) => {
    const { roles } = office.door;
    const permissions = readPermissions(invocation, roles.permissions());
    const title = readTitle(flags.title, { en: name, "zh-CN": name });
    const wish = { name, permissions, title };
    const made = await tellingRoles(name, () => create(invocation, office, wish));
    const dangerous = dangerousAmong(made.permissions, roles.permissions());
    const role = flags.dryRun
      ? {
          name,
          title: made.title,
          source: "database",
          locked: false,
          permissions: made.permissions,
          holders: made.holders,
        }
      : roleDocument(await findRole(office, name));
    const may = made.permissions.join(", ");
    out.answer(
      roleChange(invocation, "role.created", {
        changed: true,
        warnings: dangerous.length > 0 ? ["dangerous_permission"] : [],
        role,
      }),
      flags.dryRun
        ? words.roles.wouldCreate(name, may, made.holders)
        : out.done(words.roles.created(name, may, made.holders)),
    );
    if (dangerous.length > 0) out.say(words.roles.dangerous(dangerous.join(", ")));
  });
}

/** Tells how many would have it at once, unless it is said that it shall be theirs. @throws CliFailure `role_in_use` */
async function create(invocation: Invocation, { door }: Office, wish: RoleWish): Promise<CreatedRole> {
  const terms = { ...roleTerms(invocation), adopt: invocation.flags.adopt };
  try {
    return await door.roles.create(wish, terms);
  } catch (error) {
    if (!(error instanceof PosternError) || error.code !== "role_in_use") throw error;
    const { holders } = await door.roles.create(wish, { ...terms, adopt: true, dryRun: true });
    const name = printable(wish.name);
    throw new CliFailure(
      "role_in_use",
      ({ roles }) => roles.leftOver(name, holders, error.reason ?? error.message),
      { hint: ({ roles }) => roles.leftOverHint, more: { role: wish.name, holders }, cause: error },
    );
  }
}
