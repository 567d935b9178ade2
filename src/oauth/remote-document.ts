/** A document fetched now and then, and kept in between. */
export interface RemoteDocument<T> {
  /** The document, fetched when there is none that is fresh. Rejects as `load` does. */
  get(): Promise<T>;
  /** Fetches it again; one fetch serves everybody who asks meanwhile. Keeps the old one when that fails. */
  refresh(): Promise<T>;
}

/** What a fetch brought. */
export interface Loaded<T> {
  readonly value: T;
  /** From `Cache-Control: max-age`, in milliseconds; `null` when not told. */
  readonly maxAge: number | null;
}

/** How long a copy is kept, in milliseconds. */
export interface Lifetime {
  /** When the answer does not tell. */
  readonly usual: number;
  readonly shortest: number;
  readonly longest: number;
  /** How long an old copy still serves while fetching fails. */
  readonly stale: number;
}

interface Copy<T> {
  readonly value: T;
  readonly fetchedAt: number;
  readonly lifetime: number;
  /** The last time that replacing it failed. */
  failedAt: number | null;
}

// While an old copy serves, a provider that is down is asked this often and not at every sign-in.
const RETRY_MILLISECONDS = 10_000;

/** Keeps a remote document. Failures are never cached: without a copy the next caller tries again. */
export function remoteDocument<T>(
  load: () => Promise<Loaded<T>>,
  lifetime: Lifetime,
  now: () => number,
): RemoteDocument<T> {
  let copy: Copy<T> | null = null;
  let pending: Promise<T> | null = null;

  async function fetchCopy(): Promise<T> {
    const { value, maxAge } = await load();
    const wished = maxAge ?? lifetime.usual;
    const kept = Math.min(Math.max(wished, lifetime.shortest), lifetime.longest);
    copy = { value, fetchedAt: now(), lifetime: kept, failedAt: null };
    return value;
  }

  function refresh(): Promise<T> {
    pending ??= fetchCopy().finally(() => {
      pending = null;
    });
    return pending;
  }

  return {
    refresh,
    async get() {
      const current = copy;
      if (current === null) return refresh();
      if (isWithin(current.fetchedAt, current.lifetime, now())) return current.value;
      const usable = isWithin(current.fetchedAt, current.lifetime + lifetime.stale, now());
      if (usable && isWithin(current.failedAt, RETRY_MILLISECONDS, now())) return current.value;
      try {
        return await refresh();
      } catch (error) {
        current.failedAt = now();
        if (usable) return current.value;
        throw error;
      }
    },
  };
}

/** `max-age` of an answer in milliseconds, `null` when there is none (RFC 9111 §5.2.2.1). */
export function maxAgeOf(response: Response): number | null {
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(
    response.headers.get("cache-control") ?? "",
  )?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

// A clock that was set back makes a copy look as if it came from the future: that is not fresh.
function isWithin(since: number | null, span: number, at: number): boolean {
  return since !== null && at - since >= 0 && at - since < span;
}
