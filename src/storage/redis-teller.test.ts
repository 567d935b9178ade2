import { expect, test } from "vitest";
import type { Changed } from "../model/signals.ts";
import { createTeller } from "./redis-teller.ts";

/** A teller whose messages stay under way until they are let go. */
function setUp() {
  const sent: Changed[] = [];
  let underWay = Promise.withResolvers<void>();
  const teller = createTeller(async (changed) => {
    sent.push(changed);
    await underWay.promise;
  });
  const arrive = async (error?: Error) => {
    const former = underWay;
    underWay = Promise.withResolvers<void>();
    if (error === undefined) former.resolve();
    else former.reject(error);
    await former.promise.catch(() => {});
  };
  return { teller, sent, arrive };
}

test("what is said while a message is under way goes into the next one, once", async () => {
  const { teller, sent, arrive } = setUp();
  teller.tell(["a"]);
  teller.tell(["b", "c"]);
  teller.tell(["c"]);
  expect(sent).toEqual([["a"]]);
  await arrive();
  await expect.poll(() => sent).toEqual([["a"], ["b", "c"]]);
  await arrive();
  await teller.told();
  expect(sent).toHaveLength(2);
});

test("a message that is lost holds nothing up", async () => {
  const { teller, sent, arrive } = setUp();
  teller.tell(["a"]);
  teller.tell(["b"]);
  await arrive(new Error("cut"));
  await expect.poll(() => sent).toEqual([["a"], ["b"]]);
});

test("more than a hundred are told as everything, and everything stays everything", async () => {
  const { teller, sent, arrive } = setUp();
  teller.tell([]);
  teller.tell(["a"]);
  for (let index = 0; index < 5_000; index++) teller.tell([`usr_${index}`]);
  await arrive();
  await expect.poll(() => sent.at(-1)).toBeNull();
  teller.tell(["b"]);
  teller.tell(null);
  teller.tell(["c"]);
  await arrive();
  await expect.poll(() => sent.length).toBe(3);
  expect(sent.at(-1)).toBeNull();
  await arrive();
  await teller.told();
  expect(sent).toHaveLength(3);
});
