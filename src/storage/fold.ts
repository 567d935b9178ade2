/** One form for all spellings of the same text, so that looking for `ZOË` finds `zoë`, however it was composed. */
export function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
