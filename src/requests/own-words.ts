import { PosternError } from "../errors.ts";
import { LONGEST_NOTE } from "../model/access-request.ts";

/**
 * What somebody wrote, as it can be kept: without the characters that cannot be seen but do something, line breaks kept.
 * `null` = nothing. @throws PosternError `request_too_large` beyond 500 characters
 */
export function ownWords(text: string): string | null {
  const kept = text
    .replace(/\r\n?/g, "\n")
    // Control characters, and direction marks (Unicode TR 9) with which a note could turn the text around it.
    .replace(/(?!\n)\p{Cc}|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, "")
    .toWellFormed()
    .trim();
  if ([...kept].length > LONGEST_NOTE)
    throw new PosternError("request_too_large", `Longer than ${LONGEST_NOTE} characters.`);
  return kept === "" ? null : kept;
}
