/** How often work is begun again before its caller hears of it. */
const TRIES = 10;

/**
 * Begins again what the engine has undone for another's sake, such as a deadlock's victim: nothing of it is left.
 * `attempt` is a whole transaction, or one statement outside of any.
 */
export async function againWhileUndone<T>(
  isUndone: (error: unknown) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === TRIES || !isUndone(error)) throw error;
    }
  }
}
