import { afterEach, beforeEach, expect, test } from "vitest";
import { scratchFolder } from "../../test/support/scratch-folder.ts";
import { arrive, openVerbRuntime, reconfigured, type VerbRuntime } from "../../test/support/verb-runtime.ts";
import type { AccessRule } from "../model/access-rule.ts";
import { grantRole } from "../users/grant-role.ts";
import { grantBeforeSignIn } from "../users/pending-grant.ts";
import { suspendUser } from "../users/suspend-user.ts";
import { isLastOwner, requireLastingOwner } from "./last-owner.ts";

const NOW = 1_900_000_000_000;
const CLI = "cli:root@host";
const ALLOW: AccessRule = { when: { emailDomain: "demo.example" }, then: "allow" };
const DENY_BO: AccessRule = { when: { email: "bo@demo.example" }, then: "deny" };

let folder: ReturnType<typeof scratchFolder>;
let open: VerbRuntime;
/** The same house, whose rules keep Bo out. */
let strict: VerbRuntime;
let ada: string;
let bo: string;
beforeEach(async () => {
  folder = scratchFolder();
  const options = { access: [ALLOW] };
  open = await openVerbRuntime({ database: folder.database("owners.db"), now: () => NOW, options });
  ada = await somebody("ada");
  bo = await somebody("bo");
  await grantRole(open, bo, "owner", CLI);
  const { settings } = await openStrict();
  strict = reconfigured(open, { access: settings.access });
});
afterEach(async () => {
  await open.store.close();
  folder.remove();
});

async function somebody(name: string): Promise<string> {
  const admission = await arrive(open, name);
  if (admission.kind !== "admitted") throw new Error(admission.code);
  return admission.userId;
}

/** Settings as they are read from a configuration. */
async function openStrict(): Promise<VerbRuntime> {
  const options = { access: [DENY_BO, ALLOW] };
  const runtime = await openVerbRuntime({ database: folder.database("other.db"), now: () => NOW, options });
  await runtime.store.close();
  return runtime;
}

const mayEnd = ({ store, settings }: VerbRuntime, except: string | null) =>
  store.transaction((tx) => requireLastingOwner(tx, settings, except));
const isLast = ({ store, settings }: VerbRuntime, id: string) =>
  store.transaction((tx) => isLastOwner(tx, settings, id));

test("an owner whom the rules keep out is not the one on whom an owner until some day may rely", async () => {
  await expect(grantRole(open, ada, "owner", CLI, "covers", NOW + 1_000)).resolves.toBe(true);
  await expect(mayEnd(strict, null)).rejects.toMatchObject({ code: "last_owner" });
  await expect(grantRole(strict, ada, "owner", CLI, "covers", NOW + 2_000)).rejects.toMatchObject({
    code: "last_owner",
  });
  const promise = grantBeforeSignIn(
    strict,
    "rehearsal:zoe@demo.example",
    "owner",
    CLI,
    "covers",
    NOW + 1_000,
  );
  await expect(promise).rejects.toMatchObject({ code: "last_owner" });
});

test("whoever is the last owner is so by the same idea, whoever asks", async () => {
  const holds = async (runtime: VerbRuntime, id: string) => {
    const [last, refused] = [
      await isLast(runtime, id),
      await mayEnd(runtime, id).then(
        () => false,
        () => true,
      ),
    ];
    expect(last).toBe(refused);
    return last;
  };
  await grantRole(open, ada, "owner", CLI);
  expect([await holds(open, ada), await holds(open, bo)]).toEqual([false, false]);
  // Bo cannot come in there: without Ada nobody could.
  expect([await holds(strict, ada), await holds(strict, bo)]).toEqual([true, false]);

  await suspendUser(open, ada, CLI);
  expect(await holds(open, bo)).toBe(true);
  // The only way back, though the rules keep it shut.
  expect(await holds(strict, bo)).toBe(true);
});
