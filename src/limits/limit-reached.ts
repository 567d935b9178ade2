import { PosternError } from "../errors.ts";
import type { LimitName } from "../model/limit-settings.ts";

/** `rate_limited`, with how long to wait and what finds the one event that tells of it. */
export class LimitReached extends PosternError {
  readonly reference: string | null;

  constructor(name: LimitName, retryAfter: number, reference: string | null) {
    super("rate_limited", `There have been too many ${name}.`, { reason: name, retryAfter });
    this.reference = reference;
  }
}
