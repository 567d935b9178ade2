const MOST_CHARACTERS = 80;
const MOST_ENTRIES = 5;

/** A value as an administrator reads it: short, and of a long list how many more there are. `null` stays `null`. */
export function shownValue(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return cut(value);
  if (!Array.isArray(value)) return cut(JSON.stringify(value) ?? String(value));
  const shown = value.slice(0, MOST_ENTRIES).map((entry) => cut(String(entry)));
  const more = value.length - shown.length;
  return `[${shown.join(", ")}${more > 0 ? `, … +${more}` : ""}]`;
}

function cut(text: string): string {
  const characters = [...text.slice(0, 2 * MOST_CHARACTERS)];
  const isLong = characters.length > MOST_CHARACTERS || text.length > 2 * MOST_CHARACTERS;
  return isLong ? `${characters.slice(0, MOST_CHARACTERS).join("")}…` : text;
}
