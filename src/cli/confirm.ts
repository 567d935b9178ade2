import { createInterface } from "node:readline";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { describeDatabase } from "./place.ts";
import type { Office } from "./with-postern.ts";

/**
 * Asks back before something is taken away in production: the name of the back office must be typed.
 * @throws CliFailure `confirmation_required` where nobody can be asked, `confirmation_refused`
 */
export async function confirm(invocation: Invocation, office: Office, what: string): Promise<void> {
  const { flags, words, locale, stdin, out } = invocation;
  if (office.kind !== "production" || flags.yes) return;
  const where = describeDatabase(office.settings.database);
  if (flags.noInput || stdin.isTTY !== true) {
    throw new CliFailure("confirmation_required", (words) => words.confirmationRequired(where));
  }
  const name = office.settings.brand.name[locale];
  out.complain(words.place.confirm(what, name));
  if ((await readLine(invocation))?.trim() !== name) {
    throw new CliFailure("confirmation_refused", (words) => words.confirmationRefused);
  }
}

/** One line from the person, `null` when they end the input instead (Ctrl+D). */
async function readLine({ stdin, stop }: Invocation): Promise<string | null> {
  const lines = createInterface({ input: stdin, signal: stop });
  try {
    for await (const line of lines) return line;
    return null;
  } finally {
    lines.close();
  }
}
