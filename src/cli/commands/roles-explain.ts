import type { PermissionExplanation } from "../../index.ts";
import { grantDocument, grantText } from "../grants.ts";
import type { Invocation } from "../invocation.ts";
import { findPerson, nameOf } from "../people.ts";
import { requireKnownPermission } from "../permissions.ts";
import { withPostern } from "../with-postern.ts";

/** `postern roles explain <who> [<permission>]`: by which roles somebody may do something, and who would have to give them. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, out, words } = invocation;
  const [who = "", only] = operands;
  await withPostern(invocation, async ({ door }) => {
    if (only !== undefined) requireKnownPermission(only, door.roles.permissions());
    const person = await findPerson(door, who);
    const explained = await door.roles.explain(person.id, only);
    const { id, name, email, status } = person;
    const isSuspended = status === "suspended";
    const items = explained.map(document);
    const lines = explained.flatMap((one) => text(invocation, nameOf(person), one));
    if (out.jsonl) return items.forEach(out.jsonLine);
    out.answer(
      { user: { id, name, email, status }, items },
      [...(isSuspended ? [words.access.suspended] : []), ...lines].join("\n"),
    );
  });
}

function document({ permission, by, roles }: PermissionExplanation): object {
  const grants = by.map(({ grant, through }) => ({ ...grantDocument(grant), through }));
  return { permission, has: by.length > 0, by: grants, roles };
}

function text(
  { words }: Invocation,
  name: string,
  { permission, by, roles }: PermissionExplanation,
): string[] {
  if (by.length === 0)
    return [`✗ ${words.roles.mayNot(name, permission)}`, `  ${words.roles.giving(roles.join(", "))}`];
  return [
    `✓ ${words.roles.may(name, permission)}`,
    ...by.map(({ grant, through }) => {
      const held = grantText(words, grant);
      return `  ${grant.role === through ? held : words.roles.through(held, through)}`;
    }),
  ];
}
