import { PosternError } from "../../errors.ts";
import type { ApiKeyWish } from "../../index.ts";
import type { User } from "../../model/user.ts";
import { actor } from "../actor.ts";
import { apiKeyDocument, readKeyLifetime, readName } from "../api-keys.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { findPerson, nameOf, rfc3339 } from "../people.ts";
import { readPermissions } from "../permissions.ts";
import { printable } from "../printable.ts";
import { withPostern } from "../with-postern.ts";

/** `postern api-keys create <who> --name <name> --permission <permission>`: prints the key, and nothing else, to stdout. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [who = ""] = operands;
  const name = readName(invocation);
  const lifetime = readKeyLifetime(invocation);
  await withPostern(invocation, async ({ door }) => {
    const permissions = readPermissions(invocation, door.roles.permissions());
    const person = await findPerson(door, who);
    const wish: ApiKeyWish = {
      userId: person.id,
      name,
      permissions,
      ...(lifetime !== undefined && { lifetime }),
    };
    const planned = await tellingRefusal(person, wish, () => door.apiKeys.check(wish, actor()));
    const [called, whose, may] = [printable(planned.name), nameOf(person), planned.permissions.join(", ")];
    const change = { dryRun: flags.dryRun, warnings: [], action: "api_key.created", changed: true };
    if (flags.dryRun) {
      // What a dry run has drawn up is kept nowhere: its id would lead nowhere.
      const { id: _, ...plan } = apiKeyDocument(planned, person) as Record<string, unknown>;
      out.answer({ ...change, apiKey: plan, secret: null }, words.apiKeys.wouldCreate(called, whose, may));
      return;
    }
    const { apiKey, secret } = await tellingRefusal(person, wish, () =>
      door.apiKeys.create(wish, actor(), flags.reason),
    );
    out.say(out.done(words.apiKeys.created(called, whose, may)));
    out.say(words.apiKeys.until(rfc3339(apiKey.expiresAt), apiKey.id));
    const document = { ...change, apiKey: apiKeyDocument(apiKey, person), secret };
    // Also with --quiet: it cannot be had again.
    if (out.json || out.jsonl) out.answer(document, "");
    else out.print(secret);
  });
}

/** What the verb refused, as the command line tells it. @throws CliFailure `key_refused`, `invalid_argument` */
async function tellingRefusal<T>(person: User, wish: ApiKeyWish, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError)
      throw new CliFailure("invalid_argument", (words) => words.apiKeys.notAName);
    const code = error instanceof PosternError ? error.code : null;
    if (code !== "permission_denied" && code !== "suspended" && code !== "not_allowed") throw error;
    const [who, permissions] = [nameOf(person), wish.permissions.join(", ")];
    throw new CliFailure("key_refused", ({ apiKeys }) => {
      if (code === "permission_denied") return apiKeys.lacks(who, permissions);
      return code === "suspended" ? apiKeys.isSuspended(who) : apiKeys.hasNoWayIn(who);
    });
  }
}
