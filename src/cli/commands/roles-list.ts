import type { Invocation } from "../invocation.ts";
import { printable } from "../printable.ts";
import { roleDocument } from "../roles.ts";
import { withPostern } from "../with-postern.ts";

/** `postern roles list`: built in, of the configuration, of the database, in this order. */
export async function run(invocation: Invocation): Promise<void> {
  const { out, words, locale } = invocation;
  await withPostern(invocation, async ({ door }) => {
    const roles = await door.roles.list();
    if (out.jsonl) return roles.forEach((role) => void out.jsonLine(roleDocument(role)));
    if (out.json) return out.answer({ items: roles.map(roleDocument) }, "");
    const { role, title, source, holders, permissions } = words.roles.headings;
    out.table(
      [role, title, source, holders, permissions],
      roles.map((one) => [
        one.name,
        printable(one.title[locale]),
        words.roles.sources[one.source],
        String(one.holders),
        one.permissions.join(", "),
      ]),
    );
  });
}
