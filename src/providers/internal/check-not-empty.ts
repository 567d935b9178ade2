import { type Check, problem } from "./problems.ts";

/** An option that may be left out, but not given without a value, as an unset environment variable does. */
export function checkNotEmpty(path: string, value: string | undefined): Check {
  return () =>
    value === undefined || value.trim() !== ""
      ? []
      : [problem(path, "is empty (is its environment variable set?)", "Fill it in, or leave it out.")];
}
