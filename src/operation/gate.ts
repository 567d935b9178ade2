import { PosternError } from "../errors.ts";

/**
 * How far the end of an instance has come. `leaving`: tells load balancers that it goes, and still serves. `closing`:
 * takes no new requests at its own doors. `closed`: there is no store any more.
 */
export type GateState = "open" | "leaving" | "closing" | "closed";

/** Counts the requests inside, so that nobody is cut off who may still be finished. */
export interface Gate {
  readonly state: GateState;
  /** How many are inside. */
  readonly inside: number;
  /** Answers false when nobody is let in any more; who was let in must `leave`. */
  enter(): boolean;
  leave(): void;
  /** Says what is the matter when there is no store any more, which could only say that it cannot be reached. @throws PosternError `shutting_down` */
  requireStore(): void;
  become(state: Exclude<GateState, "open">): void;
  /** Resolves when nobody is inside. */
  emptied(): Promise<void>;
}

export function createGate(): Gate {
  let state: GateState = "open";
  let inside = 0;
  let tellEmpty = () => {};
  return {
    get state() {
      return state;
    },
    get inside() {
      return inside;
    },
    enter() {
      if (state === "closing" || state === "closed") return false;
      inside++;
      return true;
    },
    leave() {
      inside--;
      if (inside === 0) tellEmpty();
    },
    requireStore() {
      if (state === "closed") throw new PosternError("shutting_down", "Postern has been closed.");
    },
    become(next) {
      state = next;
    },
    emptied() {
      return inside === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            tellEmpty = resolve;
          });
    },
  };
}
