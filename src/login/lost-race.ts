/**
 * Somebody else was faster: with the first sign-in of the same person, by deleting them, or by taking back what let them in.
 * Starting over finds things as they are now.
 */
export class LostRace extends Error {}

/** How often somebody starts over before it is called a defect. */
const TRIES = 3;

/** Does the work, and starts it over while somebody else is faster. */
export async function startingOver<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LostRace) || tries === TRIES) throw error;
    }
  }
}
