import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import { createSealer } from "../crypto/seal.ts";
import { resealInBackground } from "./reseal-tokens.ts";
import { openTokens, sealTokens } from "./token-seal.ts";

const OLD = "the-old-secret-0123456789-0123456789";
const NEW = "the-new-secret-0123456789-0123456789";
const LOST = "a-lost-secret-0123456789-0123456789-";

let office: TestRuntime;
afterEach(() => office.close());

/** People whose tokens one of the secrets has sealed. */
async function keep(count: number, secret: string): Promise<void> {
  const { store } = office.runtime;
  for (let n = 0; n < count; n++) {
    const { userId } = await office.signIn();
    const [identity] = await store.identities.ofUser(userId);
    if (identity === undefined) throw new Error("nobody");
    const owner = { userId, identityId: identity.id, provider: identity.provider };
    const tokens = { accessToken: userId, refreshToken: null, idToken: null, expiresAt: null, scope: null };
    await store.transaction((tx) =>
      tx.tokens.put(sealTokens({ sealer: createSealer([secret]) }, owner, tokens)),
    );
  }
}

test("everything that can be opened is sealed with the newest secret, by several instances at once", async () => {
  office = await openTestRuntime({ secret: [NEW, OLD] });
  await keep(60, OLD);
  await keep(2, LOST);
  const { runtime } = office;
  const before = await runtime.store.tokens.sealedOtherwise(runtime.sealer.keyId, "", 100);
  expect(before).toHaveLength(62);
  await Promise.all([1, 2, 3].map(() => resealInBackground(runtime).ended));
  expect(await runtime.store.tokens.sealedOtherwise(runtime.sealer.keyId, "", 100)).toHaveLength(2);
  const newest = { sealer: createSealer([NEW]) };
  for (const { userId, identityId } of before.slice(0, 3)) {
    const kept = await runtime.store.tokens.get(identityId);
    const opened = kept === null ? null : openTokens(newest, kept);
    if (kept?.keyId === runtime.sealer.keyId) expect(opened?.accessToken).toBe(userId);
  }
});

test("with one secret nothing is looked at, and closing ends the work", async () => {
  office = await openTestRuntime({ secret: NEW });
  await keep(3, OLD);
  const { runtime } = office;
  await resealInBackground(runtime).ended;
  expect(await runtime.store.tokens.sealedOtherwise(runtime.sealer.keyId, "", 100)).toHaveLength(3);
  const both = { ...runtime, settings: { ...runtime.settings, secrets: [NEW, OLD] } };
  await resealInBackground({ ...both, sealer: createSealer([NEW, OLD]) }).close();
  const left = await runtime.store.tokens.sealedOtherwise(runtime.sealer.keyId, "", 100);
  expect(left.length).toBeGreaterThan(0);
});
