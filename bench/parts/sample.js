/** How many cookies `populate` answers at most, whatever the count: as many for each size, from all over the store. */
const SAMPLE = 1_000;

/** Calls `add(n)` for `count` numbers from `from` on; answers an even sample of what it answered: cookies. */
export async function populateBy(from, count, add) {
  const every = Math.max(1, Math.floor(count / SAMPLE));
  const cookies = [];
  for (let n = from; n < from + count; n++) {
    const cookie = await add(n);
    if ((n - from) % every === 0 && cookies.length < SAMPLE) cookies.push(cookie);
  }
  return cookies;
}
