import type { Invocation } from "./invocation.ts";

/** How far something long has come: a bar that moves for a person at a terminal, now and then a line for a log. */
export interface Progress {
  /** `done` so far. */
  show(done: number): void;
  /** Clears the bar; what is written next begins on a line of its own. */
  end(): void;
}

/** Milliseconds between two pictures of the bar, and between two lines. */
const BAR_EVERY = 100;
const LINE_EVERY = 5_000;
const BAR_CELLS = 24;

/** Begins; `total` = `null` when nobody knows. `clock` in milliseconds, for tests. */
export function startProgress(
  { out, words }: Pick<Invocation, "out" | "words">,
  total: number | null,
  clock: () => number = () => performance.now(),
): Progress {
  let shownAt = clock();
  let isBarShown = false;
  const text = (done: number) => words.transfer.progress(done, total === null ? null : Math.max(total, done));
  return {
    show(done) {
      const now = clock();
      if (now - shownAt < (out.talkTerminal ? BAR_EVERY : LINE_EVERY)) return;
      shownAt = now;
      if (!out.talkTerminal) return out.say(text(done));
      isBarShown = true;
      out.redraw(total === null ? text(done) : `${bar(done / Math.max(total, 1))} ${text(done)}`);
    },
    end() {
      if (isBarShown) out.redraw("");
      isBarShown = false;
    },
  };
}

function bar(share: number): string {
  const full = Math.round(Math.min(share, 1) * BAR_CELLS);
  return `${"█".repeat(full)}${"░".repeat(BAR_CELLS - full)} ${Math.floor(Math.min(share, 1) * 100)} %`;
}
