import type { Invocation } from "../invocation.ts";
import { withPostern } from "../with-postern.ts";

/** `postern tokens reseal`: seals kept tokens with the newest secret; several at once, and servers at work, do no harm. */
export async function run(invocation: Invocation): Promise<void> {
  const { out, words } = invocation;
  await withPostern(invocation, async ({ door }) => {
    const told = await door.resealTokens(({ resealed }) => out.complain(words.tokens.progress(resealed)));
    const { resealed, unreadable } = told;
    const rest = unreadable === 0 ? "" : `\n${words.tokens.unreadable(unreadable)}`;
    out.answer(told, `${words.tokens.resealed(resealed)}${rest}`);
  });
}
