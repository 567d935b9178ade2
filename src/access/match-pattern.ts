/**
 * Whether a whole text has the form of a pattern: `*` stands for any characters or none, `?` for exactly one, everything
 * else for itself, case included. Never takes more than `(text + 1) × (pattern + 1)` steps, whatever they hold: only
 * the last `*` is ever tried again, because an earlier one can find nothing that it has not left to the later one.
 */
export function matchPattern(pattern: string, text: string, step: () => void = () => {}): boolean {
  const wanted = [...pattern];
  const found = [...text];
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;

  while (index < found.length) {
    step();
    if (wanted[at] === "*") {
      star = at++;
      resume = index;
    } else if (at < wanted.length && (wanted[at] === "?" || wanted[at] === found[index])) {
      at++;
      index++;
    } else if (star !== -1) {
      at = star + 1;
      index = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[at] === "*") at++;
  return at === wanted.length;
}
