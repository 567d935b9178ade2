import { type Check, problem } from "./problems.ts";

/** An id that is a number at this place. Says nothing about one that is missing. */
export function checkDigits(path: string, value: unknown, fix: string): Check {
  return () => {
    if (typeof value !== "string" || value === "" || /^\d+$/.test(value)) return [];
    return [problem(path, "is not a number", fix)];
  };
}
