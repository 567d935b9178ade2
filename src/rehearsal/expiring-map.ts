/** A map that forgets. */
export interface ExpiringMap<Value> {
  get(key: string): Value | null;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

/** Forgets each entry `lifetime` milliseconds after it was set, and the oldest ones beyond `capacity`. */
export function createExpiringMap<Value>(
  now: () => number,
  lifetime: number,
  capacity = 100_000,
): ExpiringMap<Value> {
  const entries = new Map<string, { value: Value; expiresAt: number }>();

  // One lifetime for all: a Map keeps the order of insertion, so the oldest stand first.
  function forgetOldest(): void {
    for (const [key, { expiresAt }] of entries) {
      if (entries.size <= capacity && expiresAt > now()) return;
      entries.delete(key);
    }
  }

  return {
    get(key) {
      const entry = entries.get(key);
      return entry !== undefined && entry.expiresAt > now() ? entry.value : null;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, expiresAt: now() + lifetime });
      forgetOldest();
    },
    delete: (key) => void entries.delete(key),
  };
}
