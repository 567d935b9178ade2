import { PosternError } from "../../errors.ts";
import type { User } from "../../model/user.ts";
import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { findPerson, nameOf, rfc3339 } from "../people.ts";
import { withPostern } from "../with-postern.ts";

/**
 * `postern owner-link`: makes the first owner, or with `--for` signs an owner in without a provider. The link alone goes
 * to stdout.
 */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, words, out } = invocation;
  await withPostern(invocation, async (office) => {
    const { ownerLinks } = office.door;
    const person = flags.for === undefined ? null : await findPerson(office.door, flags.for);
    const wish = { userId: person?.id ?? null, breakGlass: flags.breakGlass };
    const { wouldClaim, wouldBreakGlass, claims, signsIn, worksUntil } = words.lifecycle;
    const plan = person === null ? wouldClaim : wouldBreakGlass(nameOf(person));
    await telling(person, () => ownerLinks.check(wish));
    const document = { dryRun: flags.dryRun, warnings: [], action: "owner_link.created", changed: true };
    const user = person === null ? null : { id: person.id, name: person.name, email: person.email };
    if (flags.dryRun) return out.answer({ ...document, user }, plan);

    await confirm(invocation, office, plan);
    const { url, expiresAt } = await telling(person, () => ownerLinks.create(wish, actor(), flags.reason));
    const until = rfc3339(expiresAt);
    out.say(person === null ? claims : signsIn(nameOf(person)));
    out.say(worksUntil(until));
    // Also with --quiet, for it cannot be had again.
    if (out.json || out.jsonl) out.answer({ ...document, user, url: url.href, expiresAt: until }, "");
    else out.print(url.href);
  });
}

/** @throws CliFailure `owner_exists`, `not_usable_owner` */
async function telling<T>(person: User | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof PosternError ? error.code : null;
    if (code === "owner_exists") {
      throw new CliFailure(code, (words) => words.lifecycle.ownerExists, {
        hint: (words) => words.lifecycle.ownerExistsHint,
      });
    }
    if (code === "not_usable_owner" && person !== null) {
      throw new CliFailure(code, (words) => words.lifecycle.notUsableOwner(nameOf(person)), {
        more: { userId: person.id },
      });
    }
    throw error;
  }
}
