/** Controls, line separators and what turns the direction of text around: a name could repaint the screen with them. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A text on one line that does nothing to a terminal but show itself. For names, and whatever else strangers wrote. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, " ").trim();
}

/** JSON that does nothing to a terminal either: the characters stay what they are, written as escapes. */
export function printableJson(value: unknown, indent: number): string {
  const json = JSON.stringify(value, null, indent);
  return json.replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
