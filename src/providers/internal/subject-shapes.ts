import type { SubjectShape } from "../hooks.ts";

/** A number: people are counted. */
export const DIGITS: SubjectShape = { pattern: /^\d+$/, example: "583231" };

/** A GUID, without braces. */
export const GUID: SubjectShape = {
  pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  example: "c0ffee00-1234-4abc-8def-0123456789ab",
};
