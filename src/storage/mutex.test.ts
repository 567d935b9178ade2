import { expect, test } from "vitest";
import { createMutex } from "./mutex.ts";

test("lets one in at a time, in order of asking", async () => {
  const mutex = createMutex(1_000);
  const seen: number[] = [];
  let inside = 0;
  const enter = async (n: number) => {
    await mutex.lock();
    expect(++inside).toBe(1);
    await Promise.resolve();
    seen.push(n);
    inside--;
    mutex.unlock();
  };
  await Promise.all([enter(1), enter(2), enter(3)]);
  expect(seen).toEqual([1, 2, 3]);
  await mutex.lock();
});

test("gives up after its patience, and those behind still get their turn", async () => {
  const mutex = createMutex(5);
  await mutex.lock();
  await expect(mutex.lock()).rejects.toMatchObject({ code: "store_unavailable", reason: "busy" });
  const behind = mutex.lock();
  mutex.unlock();
  await behind;
});
