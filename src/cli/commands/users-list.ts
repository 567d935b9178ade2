import type { User } from "../../model/user.ts";
import type { Postern } from "../../postern.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { type UserDocument, userDocument } from "../people.ts";
import { readUserQuery, type UserFilter } from "../user-query.ts";
import { withPostern } from "../with-postern.ts";
import { listDeleted } from "./list-deleted.ts";
import { listPending } from "./list-pending.ts";

const DEFAULT_LIMIT = 50;
/** As many as the store gives at once. */
const PAGE = 200;

/** `postern users list`: people in the order they came. */
export async function run(invocation: Invocation): Promise<void> {
  const filter = readUserQuery(invocation.flags.query ?? "");
  const limit = readLimit(invocation);
  const { flags } = invocation;
  await withPostern(invocation, ({ door }) => {
    if (flags.deleted) return listDeleted(invocation, door, limit);
    if (flags.pending) return listPending(invocation, door);
    return list(invocation, door, filter, limit);
  });
}

async function list(invocation: Invocation, door: Postern, filter: UserFilter, limit: number): Promise<void> {
  const { flags, out, words } = invocation;
  const items: UserDocument[] = [];
  for await (const user of users(door, filter, limit, flags.after)) {
    const document = await userDocument(door, user);
    if (out.jsonl) out.jsonLine(document);
    else items.push(document);
  }
  if (out.jsonl) return;
  const total = await door.users.count(filter);
  const last = items.at(-1)?.id;
  const isMore =
    last !== undefined && (await door.users.list({ ...filter, after: last, limit: 1 })).length > 0;
  const next = isMore ? last : null;
  if (out.json) return out.answer(envelope(invocation, items, total, next, limit), "");

  const { person, email, roles, providers, lastSignIn, status } = words.users.headings;
  out.table(
    [person, email, roles, providers, lastSignIn, status],
    items.map((item) => (out.terminal ? forPeople(invocation, item) : forPrograms(item))),
  );
  out.say(words.users.shown(items.length, total));
  if (next !== null) out.say(words.users.nextPage(next));
}

/** As many as are asked for, page by page: a million people need no more memory than two hundred. */
async function* users(
  door: Postern,
  filter: UserFilter,
  limit: number,
  start: string | undefined,
): AsyncGenerator<User> {
  let after = start;
  for (let left = limit; left > 0; left -= PAGE) {
    const page = await door.users.list({
      ...filter,
      ...(after !== undefined && { after }),
      limit: Math.min(left, PAGE),
    });
    yield* page;
    after = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

function envelope(
  { flags }: Invocation,
  items: readonly UserDocument[],
  total: number,
  next: string | null,
  limit: number,
): object {
  return {
    items,
    page: { next, prev: null, limit: Number.isFinite(limit) ? limit : null, sort: "id" },
    total: { value: total, exact: true },
    query: { q: flags.query ?? "", unknown: [] },
  };
}

/** What fits into a terminal; the id and the time of day are what `users show` and programs are for. */
function forPeople({ words }: Invocation, item: UserDocument): readonly string[] {
  const { name, email, roles, providers, lastSignInAt, status } = item;
  return [
    name ?? "",
    email ?? "",
    roles.join(", "),
    providers.join(", "),
    lastSignInAt?.slice(0, "2026-11-23".length) ?? words.users.never,
    words.users.statuses[status],
  ];
}

/** Everything, the id first, in words that do not change with the language. */
function forPrograms(item: UserDocument): readonly string[] {
  const { id, name, email, roles, providers, lastSignInAt, status } = item;
  return [id, name ?? "", email ?? "", roles.join(","), providers.join(","), lastSignInAt ?? "", status];
}

function readLimit({ flags: { limit, all } }: Invocation): number {
  if (all) return Number.POSITIVE_INFINITY;
  if (limit === undefined) return DEFAULT_LIMIT;
  if (/^[1-9]\d{0,8}$/.test(limit)) return Number(limit);
  throw new CliFailure("invalid_argument", (words) => words.notACount("--limit", limit));
}
