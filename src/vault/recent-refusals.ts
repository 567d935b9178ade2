import { performance } from "node:perf_hooks";

/** How long a token that was refreshed because it was refused is not doubted again, in milliseconds. */
const RECENTLY = 60_000;
const MOST = 1_000;

/** Remembers whose token was refused a moment ago, so that an API that always says no does not use up refresh tokens. */
export interface RecentRefusals {
  has(identityId: string): boolean;
  add(identityId: string): void;
}

/** In this process alone, and bounded: what is forgotten costs one refresh. */
export function createRecentRefusals(): RecentRefusals {
  const refusedAt = new Map<string, number>();
  return {
    has: (identityId) =>
      performance.now() - (refusedAt.get(identityId) ?? Number.NEGATIVE_INFINITY) < RECENTLY,
    add(identityId) {
      refusedAt.delete(identityId);
      refusedAt.set(identityId, performance.now());
      const oldest = refusedAt.size > MOST ? refusedAt.keys().next().value : undefined;
      if (oldest !== undefined) refusedAt.delete(oldest);
    },
  };
}
