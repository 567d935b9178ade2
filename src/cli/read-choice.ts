import { CliFailure } from "./failure.ts";
import { type OptionName, spelled } from "./options.ts";

/** The value of an option that can be only one of these. @throws CliFailure `invalid_argument` */
export function readOneOf<T extends string>(option: OptionName, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value.trim());
  if (found !== undefined) return found;
  throw new CliFailure(
    "invalid_argument",
    (words) => words.notOneOf(spelled(option), value, allowed.join(", ")),
    {
      more: { option: spelled(option), allowed },
    },
  );
}

/** Several of them, separated by commas; all when the option was not given. @throws CliFailure `invalid_argument` */
export function readSomeOf<T extends string>(
  option: OptionName,
  value: string | undefined,
  allowed: readonly T[],
): readonly T[] {
  if (value === undefined) return allowed;
  return value.split(",").map((one) => readOneOf(option, one, allowed));
}
