import { styleText } from "node:util";
import type { Flags } from "./options.ts";
import type { Environment, Screen } from "./terminal.ts";

export type Colour = "red" | "green" | "yellow" | "dim";

/** Colours a text for one screen, or leaves it as it is. A colour never says what the text does not. */
export type Paint = (colour: Colour, text: string) => string;

/** Decides about colour: the option, then NO_COLOR, FORCE_COLOR and TERM, then whether it is a terminal. */
export function createPaint(
  screen: Pick<Screen, "isTTY">,
  env: Environment,
  flags: Pick<Flags, "color" | "noColor">,
): Paint {
  const on = wantsColour(screen, env, flags);
  return (colour, text) => (on ? styleText(colour, text, { validateStream: false }) : text);
}

function wantsColour(
  screen: Pick<Screen, "isTTY">,
  env: Environment,
  { color, noColor }: Pick<Flags, "color" | "noColor">,
): boolean {
  if (noColor || color === "never") return false;
  if (color === "always") return true;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return screen.isTTY === true && env.TERM !== "dumb";
}
