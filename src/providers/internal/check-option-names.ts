import type { ConfigProblem } from "../../errors.ts";
import { checkNames } from "../../model/check-names.ts";
import { type Check, problem } from "./problems.ts";

/** What every preset takes. What only most take is named by each, or it would pass where it means nothing. */
const EVERYWHERE = "id name clientId keepTokens";

/**
 * Tells of options that a preset does not know: a misspelt one could silently lift a restriction. `names` are its own
 * options, besides those that all have, with spaces between; it does not compile when one lacks or is too many.
 */
export function checkOptionNames<Options, Text extends string>(
  options: Options,
  names: Whole<Exclude<keyof Options, Words<typeof EVERYWHERE>>, Text>,
): Check {
  return checkWithin("", options, `${EVERYWHERE} ${names}`);
}

/** The same for an option that has members: `checkMemberNames("fields", fields, "subject handle")`. */
export function checkMemberNames<Members, Text extends string>(
  path: string,
  members: Members | undefined,
  names: Whole<keyof Members, Text>,
): Check {
  return checkWithin(`${path}.`, members, names);
}

function checkWithin(prefix: string, given: unknown, names: string): Check {
  return () => {
    const problems: ConfigProblem[] = [];
    const members = typeof given === "object" && given !== null ? given : {};
    checkNames(members, names.split(" "), prefix, (path, message, fix) =>
      problems.push(problem(path, message, fix)),
    );
    return problems;
  };
}

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;

/** The text when it has every `Known` word and no other, otherwise what the compiler then says. */
type Whole<Known, Text extends string> = [Exclude<Known, Words<Text>> | Exclude<Words<Text>, Known>] extends [
  never,
]
  ? Text
  :
      | `lacks ${Exclude<Known, Words<Text>> & string}`
      | `has ${Exclude<Words<Text>, Known>}, which is no option`;
