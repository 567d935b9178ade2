/**
 * A sentence with values that come from outside. The two stay apart, so that a page can isolate each value: a name in
 * Arabic must not turn the sentence around it, and no value is ever markup.
 */
export interface Phrase {
  /** One more than there are values. */
  readonly texts: readonly string[];
  readonly values: readonly string[];
}

/** Template tag for sentences in languages that write spaces: `` phrase`Continue with ${provider}` ``. */
export function phrase(texts: TemplateStringsArray, ...values: readonly string[]): Phrase {
  return { texts: [...texts], values };
}

/**
 * Template tag for Chinese: puts a space where a Han text meets a value in Latin letters or digits, and none where a
 * Chinese value follows, which no fixed text can know.
 */
export function hanPhrase(texts: TemplateStringsArray, ...values: readonly string[]): Phrase {
  const spaced = texts.map((text, index) => {
    const before = values[index - 1];
    const after = values[index];
    const start =
      before !== undefined && /[a-z0-9]$/i.test(before) && /^\p{Script=Han}/u.test(text) ? " " : "";
    const end = after !== undefined && /^[a-z0-9]/i.test(after) && /\p{Script=Han}$/u.test(text) ? " " : "";
    return start + text + end;
  });
  return { texts: spaced, values };
}

/** The phrase as text for a mail, a terminal or a title; U+2068 and U+2069 keep each value's direction to itself. */
export function plainText(sentence: Phrase): string {
  return sentence.texts.reduce(
    (text, next, index) => `${text}\u2068${sentence.values[index - 1] ?? ""}\u2069${next}`,
  );
}
