import type { ShownApiKey } from "../../index.ts";
import { apiKeyState } from "../../model/api-key.ts";
import type { User } from "../../model/user.ts";
import type { Postern } from "../../postern.ts";
import { apiKeyDocument } from "../api-keys.ts";
import type { Invocation } from "../invocation.ts";
import { findPerson, nameOf, rfc3339 } from "../people.ts";
import { printable } from "../printable.ts";
import { withPostern } from "../with-postern.ts";

/** As many as are read at once. */
const PAGE = 200;

/** `postern api-keys list [<who>]`: keys and what became of them, newest first. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, out, words } = invocation;
  const [who] = operands;
  await withPostern(invocation, async ({ door }) => {
    const person = who === undefined ? undefined : await findPerson(door, who);
    const items: Listed[] = [];
    for await (const listed of keysOf(door, person?.id)) {
      if (out.jsonl) out.jsonLine(apiKeyDocument(...listed));
      else items.push(listed);
    }
    if (out.jsonl) return;
    if (out.json) return out.answer({ items: items.map((listed) => apiKeyDocument(...listed)) }, "");
    const { id, state, name, whose, permissions, until, used } = words.apiKeys.headings;
    out.table([id, state, name, whose, permissions, until, used], items.map(row(invocation)));
  });
}

type Listed = readonly [key: ShownApiKey, person: User | null];

async function* keysOf({ apiKeys, users }: Postern, userId: string | undefined): AsyncGenerator<Listed> {
  const known = new Map<string, User | null>();
  for (let after: string | undefined; ; ) {
    const page = await apiKeys.list({
      ...(userId !== undefined && { userId }),
      ...(after !== undefined && { after }),
      limit: PAGE,
    });
    for (const key of page) {
      if (!known.has(key.userId)) known.set(key.userId, await users.get(key.userId));
      yield [key, known.get(key.userId) ?? null];
    }
    after = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

function row({ words }: Invocation) {
  return ([key, person]: Listed): readonly string[] => [
    key.id,
    words.apiKeys.states[apiKeyState(key, Date.now())],
    printable(key.name),
    person === null ? key.userId : nameOf(person),
    key.permissions.join(","),
    rfc3339(key.expiresAt),
    key.lastUsedAt === null ? "" : rfc3339(key.lastUsedAt),
  ];
}
