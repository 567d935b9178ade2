import { sha256 } from "../crypto/hash.ts";

/** Remembers which texts there were, in sixteen bytes each: a million are no more than a photograph. */
export interface SeenTexts {
  /** Answers whether it is new. */
  add(text: string): boolean;
}

/** 64 bits of a hash, open addressing. Two of a million are taken for one another once in forty million files. */
export function createSeenTexts(): SeenTexts {
  let table = new BigUint64Array(1024);
  let count = 0;

  const insert = (key: bigint): boolean => {
    const mask = table.length - 1;
    for (let slot = Number(key & BigInt(mask)); ; slot = (slot + 1) & mask) {
      if (table[slot] === key) return false;
      if (table[slot] !== 0n) continue;
      table[slot] = key;
      count++;
      return true;
    }
  };
  const grow = () => {
    const before = table;
    table = new BigUint64Array(before.length * 2);
    count = 0;
    for (const key of before) if (key !== 0n) insert(key);
  };

  return {
    add(text) {
      if (count * 2 >= table.length) grow();
      const key = Buffer.from(sha256(text), "base64url").readBigUInt64LE(0);
      // Zero marks what is free.
      return insert(key === 0n ? 1n : key);
    },
  };
}
