/** Thrown by a target that cannot run here; its message, a sentence, stands in the report instead of figures. */
export class Unavailable extends Error {
  name = "Unavailable";
}
