import { describe, expect, test } from "vitest";
import { each, event, ids, NOW, ODD_TEXTS } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about audit. */
export function auditPromises(migrated: Migrated): void {
  describe("audit", () => {
    test("keeps events as they are given", async () => {
      const store = await migrated();
      const odd = { list: [1, null, { deep: ODD_TEXTS }], "quote'": '"', nul: "\u0000", yes: true, big: NOW };
      const plain = event(1, { target: null, reference: null, reason: null, address: null, detail: {} });
      const full = event(2, { detail: odd });
      await store.transaction((tx) => each([plain, full], tx.audit.insert));
      expect(await store.audit.list({ limit: 10 })).toStrictEqual([full, plain]);
    });

    test("lists newest first, by reference, target and action, no more than asked for", async () => {
      const store = await migrated();
      const events = [
        event(1, { reference: "K7Q2-9FMX", action: "login.failed" }),
        event(2, { target: "ses_1", action: "login.failed" }),
        event(3, { target: "ses_1", action: "session.ended" }),
        event(4, { action: "login.failed", target: "ses_2" }),
      ];
      await store.transaction((tx) => each(events, tx.audit.insert));
      expect(await ids(store.audit.list({ limit: 2 }))).toEqual(["aud_004", "aud_003"]);
      expect(await ids(store.audit.list({ reference: "K7Q2-9FMX", limit: 10 }))).toEqual(["aud_001"]);
      expect(await ids(store.audit.list({ target: "ses_1", limit: 10 }))).toEqual(["aud_003", "aud_002"]);
      expect(await ids(store.audit.list({ action: "login.failed", limit: 2 }))).toEqual([
        "aud_004",
        "aud_002",
      ]);
      const both = { action: "login.failed", target: "ses_1", limit: 9 } as const;
      expect(await ids(store.audit.list(both))).toEqual(["aud_002"]);
    });
  });
}
