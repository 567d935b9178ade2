import { readFileSync } from "node:fs";
import type { AccessRule, RulePlace } from "../index.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { printable } from "./printable.ts";

/** Characters of a rule that are read; more than any can have. */
const MOST_CHARACTERS = 1_000_000;

/**
 * The rule of `--rule <file>`, or of standard input for `-`; `undefined` = not given. Whether it makes sense is for the
 * verb to say. @throws CliFailure `draft_invalid`
 */
export async function readRule({
  flags,
  stdin,
}: Pick<Invocation, "flags" | "stdin">): Promise<AccessRule | undefined> {
  const { rule: file } = flags;
  if (file === undefined) return undefined;
  try {
    return JSON.parse(file === "-" ? await readAll(stdin) : readFileSync(file, "utf8"));
  } catch (cause) {
    throw new CliFailure("draft_invalid", (words) => words.access.draftUnreadable(printable(file)), {
      cause,
    });
  }
}

async function readAll(stdin: Invocation["stdin"]): Promise<string> {
  let text = "";
  for await (const chunk of stdin) {
    text += chunk;
    if (text.length > MOST_CHARACTERS) throw new RangeError("more than a rule can be");
  }
  return text;
}

/** `--place first`, `last`, `before:rul_…`, `after:rul_…`; `undefined` = not given. @throws CliFailure `invalid_argument` */
export function readPlace({ flags: { place } }: Pick<Invocation, "flags">): RulePlace | undefined {
  if (place === undefined || place === "first" || place === "last") return place;
  const [, side, id] = /^(before|after):(.+)$/.exec(place) ?? [];
  if (side === "before" && id !== undefined) return { before: id };
  if (side === "after" && id !== undefined) return { after: id };
  throw new CliFailure("invalid_argument", (words) =>
    words.notOneOf("--place", printable(place), "first, last, before:<rule>, after:<rule>"),
  );
}
