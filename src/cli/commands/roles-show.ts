import type { RoleGrant } from "../../model/role.ts";
import { grantDocument, grantText } from "../grants.ts";
import type { Invocation } from "../invocation.ts";
import { labelled } from "../output.ts";
import { nameOf } from "../people.ts";
import { printable } from "../printable.ts";
import { findRole, roleDocument } from "../roles.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** `postern roles show <role>`: what it gives, and who holds it and why. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, out, words, locale } = invocation;
  const [name = ""] = operands;
  await withPostern(invocation, async (office) => {
    const role = await findRole(office, name);
    const registered = office.door.roles.permissions().filter(({ key }) => role.permissions.includes(key));
    const holders = await holdersOf(office, name);
    const { headings, sources, more, dangerousMark } = words.roles;
    const permission = registered.map(({ key, title, dangerous }) => {
      const called = title[locale] === key ? key : `${key} (${printable(title[locale])})`;
      return [words.roles.permission, dangerous ? `${called} ${dangerousMark}` : called] as const;
    });
    const people = holders.map(
      ({ grant, called }) => [words.roles.holder, grantText(words, { ...grant, role: called })] as const,
    );
    const shown = new Set(holders.map(({ grant }) => grant.userId)).size;
    out.answer(
      {
        ...roleDocument(role),
        permissions: registered,
        people: holders.map(({ grant, called }) => ({
          userId: grant.userId,
          name: called,
          ...grantDocument(grant),
        })),
      },
      labelled(out, [
        [headings.role, role.name],
        [headings.title, printable(role.title[locale])],
        [headings.source, sources[role.source]],
        [headings.holders, String(role.holders)],
        ...permission,
        ...people,
      ]),
    );
    if (shown < role.holders) out.say(more(role.holders - shown));
  });
}

interface Holder {
  readonly grant: RoleGrant;
  readonly called: string;
}

async function holdersOf({ door }: Office, name: string): Promise<readonly Holder[]> {
  const grants = await door.roles.holders(name);
  return Promise.all(
    grants.map(async (grant) => {
      const person = await door.users.get(grant.userId);
      return { grant, called: person === null ? grant.userId : nameOf(person) };
    }),
  );
}
