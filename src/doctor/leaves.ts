import type { Sources } from "../providers/definition.ts";

/** One value that a provider said, and where it stood. */
export interface Leaf {
  /** `answers.user.id`, `idToken.groups[0]` */
  readonly path: string;
  /** A text, a number, a boolean or `null`. */
  readonly value: unknown;
}

const MOST = 500;

/** Every single value in the sources, in their order; 500 at most. */
export function leavesOf(sources: Sources): readonly Leaf[] {
  const { userInfo, idToken } = sources;
  // A plain sample stands in both places.
  const shown = userInfo === idToken ? { ...sources, idToken: null } : sources;
  return [...walk(shown, "")].slice(0, MOST);
}

function* walk(value: unknown, path: string): Generator<Leaf> {
  if (typeof value !== "object" || value === null) {
    // What a sign-in would not have brought at all is not a field of it.
    if (path.includes(".") || path.includes("[")) yield { path, value };
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${name}]` : path === "" ? name : `.${name}`;
    yield* walk(inner, path + step);
  }
}
