import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReadMark, Witnesses } from "../model/shared-memory.ts";
import { type Beat, createPeers, type Peers } from "./redis-peers.ts";

test("a reading is as old as the last beat of ours that was heard before it began", () => {
  let now = 0;
  const [reader, other] = [createPeers(() => now), createPeers(() => now)];
  now = 100;
  const first = other.next({ at: 100, epoch: 7 });
  now = 130;
  expect(reader.hear(first)).toBeNull();
  expect(other.hear(first)).toBe(100);
  now = 200;
  const late = other.next({ at: 200, epoch: 8 });
  const witnesses = reader.witnesses();
  reader.hear(late);
  expect(other.sentAt(witnesses)).toEqual({ at: 100, epoch: 7 });
  expect(other.sentAt(reader.witnesses())).toEqual({ at: 200, epoch: 8 });
  expect(reader.sentAt(witnesses)).toBeNull();
});

test("who is not heard for 900 ms is no witness, and a beat of ours that is as old proves nothing", () => {
  let now = 0;
  const [reader, other] = [createPeers(() => now), createPeers(() => now)];
  reader.hear(other.next({ at: 0, epoch: 0 }));
  const witnesses = reader.witnesses();
  expect(witnesses).toHaveLength(1);
  now = 901;
  expect(reader.witnesses()).toEqual([]);
  other.next({ at: 901, epoch: 0 });
  expect(other.sentAt(witnesses)).toBeNull();
});

test("a crowd that is made up does not fill the memory", () => {
  const peers = createPeers(() => 0);
  for (let index = 0; index < 10_000; index++) peers.hear({ from: `p${index}`, beat: `b${index}` });
  expect(peers.witnesses()).toHaveLength(200);
});

/** What can happen: a process beats, reads, or is handed anything that was ever sent, in any order, again and again. */
type Step =
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "beat"; readonly who: number }
  | { readonly kind: "deliver"; readonly who: number; readonly which: number }
  | { readonly kind: "read"; readonly who: number };

const WHO = fc.nat(2);
const STEPS = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("wait" as const), milliseconds: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ kind: fc.constant("beat" as const), who: WHO }),
    fc.record({ kind: fc.constant("deliver" as const), who: WHO, which: fc.nat(5) }),
    fc.record({ kind: fc.constant("read" as const), who: WHO }),
  ),
  { maxLength: 80, size: "max" },
);

test("whoever carries the messages, and however: no reading is ever taken for newer than it is", () => {
  let believed = 0;
  fc.assert(
    fc.property(STEPS, (steps: readonly Step[]) => {
      let now = 0;
      // Clocks that have nothing to do with each other.
      const clocks = [() => now, () => now + 5_000_000, () => now - 777];
      const processes = clocks.map((clock) => ({ clock, peers: createPeers(clock) }));
      const sent: Beat[] = [];
      const readings: { readonly began: number; readonly witnesses: Witnesses }[] = [];
      for (const step of steps) {
        if (step.kind === "wait") now += step.milliseconds;
        else {
          const { clock, peers } = processes[step.who] as { clock: () => number; peers: Peers };
          if (step.kind === "beat") sent.push(peers.next({ at: clock(), epoch: 0 }));
          if (step.kind === "read") readings.push({ began: now, witnesses: peers.witnesses() });
          if (step.kind === "deliver" && sent.length > 0)
            peers.hear((sent.at(-1 - step.which) ?? sent[0]) as Beat);
        }
        for (const { clock, peers } of processes) {
          for (const { began, witnesses } of readings) {
            const mark: ReadMark | null = peers.sentAt(witnesses);
            if (mark === null) continue;
            believed++;
            expect(clock() - mark.at).toBeGreaterThanOrEqual(now - began);
          }
        }
      }
    }),
    { numRuns: 200 },
  );
  expect(believed).toBeGreaterThan(1_000);
});
