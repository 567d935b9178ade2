import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createInvitation, type InvitationWish } from "../../src/invitations/create-invitation.ts";
import { askForAccess } from "../../src/requests/ask-for-access.ts";
import { approveRequest } from "../../src/requests/decide-request.ts";
import { keepProof } from "../../src/requests/request-proof.ts";
import type { ImportResult } from "../../src/transfer/import-context.ts";
import { importPeople } from "../../src/transfer/import-people.ts";
import type { CarriedIdentity, CarriedUser } from "../../src/transfer/transfer-record.ts";
import { grantRole } from "../../src/users/grant-role.ts";
import { mergeUsers, previewMerge } from "../../src/users/merge-users.ts";
import { grantBeforeSignIn } from "../../src/users/pending-grant.ts";
import { HOME } from "../../src/web/return-to.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";
import {
  arrive,
  openVerbRuntime,
  reconfigured,
  userInfoOf,
  type VerbRuntime,
} from "../support/verb-runtime.ts";

const SERVER = "cli:root@host";
const ZOE = userInfoOf("zoe");

let folder: ScratchFolder;
let house: VerbRuntime;
let clock = 1_800_000_000_000;
let mallory: string;
let owner: string;

beforeEach(async () => {
  folder = scratchFolder();
  house = await openVerbRuntime({
    database: folder.database("owners.db"),
    now: () => ++clock,
    options: {
      requests: "open",
      access: [{ when: { emailDomain: "demo.example" }, then: "allow" }],
    },
  });
  [mallory, owner] = [await come("mallory", "rehearsal"), await come("ada", "rehearsal")];
  await grantRole(house, owner, "owner", SERVER);
  await grantRole(house, mallory, "admin", owner);
});
afterEach(async () => {
  await house.store.close();
  folder.remove();
});

async function come(name: string, provider: string, over: Parameters<typeof arrive>[2] = {}) {
  const admission = await arrive(house, name, { provider, ...over });
  if (admission.kind !== "admitted") throw new Error(admission.code);
  return admission.userId;
}

async function approve(userId: string | null, subject: string): Promise<void> {
  const userInfo = { ...ZOE, subject };
  const kept = keepProof(house, { provider: "github", userInfo, userId, returnTo: HOME });
  if (kept === null) throw new Error("too long");
  await askForAccess(house, kept.proof, "please", { address: null });
  const request = await house.store.accessRequests.find({ ...userInfo, provider: "github" });
  await approveRequest(house, request?.id ?? "", "owner", SERVER);
}

const named = (provider: string | null, who: string) => {
  house = reconfigured(house, { owners: [{ provider, who }] });
};
const promise = (who: string) => grantBeforeSignIn(house, who, "owner", SERVER);
const invite = (recipient: NonNullable<InvitationWish["recipient"]>) =>
  createInvitation(house, { roles: ["owner"], recipient }, SERVER);

/** How Zoe, whom GitHub knows as `subject-of-zoe`, becomes an owner when she comes next. */
const WAYS: Readonly<Record<string, () => unknown>> = {
  "named by her id": () => named("github", ZOE.subject),
  "named by her e-mail": () => named("github", "ZOE@demo.example"),
  "named by her e-mail anywhere": () => named(null, "zoe@demo.example"),
  "promised it by her id": () => promise(`github:${ZOE.subject}`),
  "promised it by her e-mail": () => promise("github:zoe@demo.example"),
  "promised it by her e-mail anywhere": () => promise("zoe@demo.example"),
  "invited by her id": () => invite({ id: `github:${ZOE.subject}` }),
  "invited by her e-mail": () => invite({ email: "zoe@demo.example" }),
  "invited by her handle": () => invite({ handle: "github:zoe" }),
  "invited by nothing but the link": () => invite("anyone"),
  "approved as one": () => approve(null, ZOE.subject),
};

const identity = (provider: string, subject: string, over: Partial<CarriedIdentity> = {}) => ({
  ...{ provider, issuer: ZOE.issuer, subject, handle: null, email: null, emailVerified: null },
  ...{ createdAt: null, lastUsedAt: null },
  ...over,
});

async function take(
  actor: string,
  identities: readonly CarriedIdentity[],
  over: Partial<CarriedUser> = {},
  dryRun = false,
): Promise<ImportResult | undefined> {
  const rows = (async function* () {
    const nobody = { id: null, name: null, email: null, picture: null, createdAt: null, lastSignInAt: null };
    const plain = { kind: "user", status: "active", roles: [], derivedRoles: [] } as const;
    yield { line: 1, record: { ...nobody, ...plain, identities, ...over } };
  })();
  let result: ImportResult | undefined;
  for await (const one of importPeople(house, rows, { dryRun }, actor)) result = one;
  return result;
}

const REFUSED = { action: "failed", problem: { code: "owner_to_come" } };
const HERS = identity("github", ZOE.subject);
/** Another account of Mallory's. */
const HIS = identity("rehearsal", "mallory-2");
/** What a file may say of anybody. */
const LIE = { email: "other@demo.example", emailVerified: true } as const;

describe.each(Object.entries(WAYS))("somebody who is %s", (way, prepare) => {
  test("becomes nobody whom an administrator's file has made of her and himself", async () => {
    await prepare();
    const before = await house.store.users.count({});
    for (const identities of [
      [HERS, HIS],
      [HIS, { ...HERS, ...LIE }],
    ]) {
      expect(await take(mallory, identities)).toMatchObject(REFUSED);
      expect(await take(mallory, identities, {}, true)).toMatchObject(REFUSED);
    }
    expect(await take(mallory, [{ ...HERS, ...LIE }], { status: "suspended" })).toMatchObject(REFUSED);
    expect(await house.store.users.count({})).toBe(before);
    expect(await take(owner, [HERS, HIS], {}, true)).toMatchObject({ action: "created" });
    expect(await take(SERVER, [HERS, HIS], {}, true)).toMatchObject({ action: "created" });
    expect(await take(SERVER, [HERS, HIS])).toMatchObject({ action: "created" });
  });

  test("becomes nobody with whom an administrator merges her, and whoever may is not told otherwise", async () => {
    const unverified = way.includes("e-mail") ? { email: null, emailVerified: null } : {};
    await house.store.transaction(async (tx) => {
      const since = { createdAt: 1, lastSignInAt: null };
      const plain = { name: null, email: null, picture: null, status: "active" } as const;
      await tx.users.insert({ id: "usr_zoe", ...plain, ...since });
      const { issuer, subject, handle, email } = ZOE;
      const hers = { issuer, subject, handle, email, emailVerified: true, ...unverified } as const;
      const kept = { createdAt: 1, lastUsedAt: 1, userId: "usr_zoe" };
      await tx.identities.insert({ id: "idn_zoe", provider: "github", ...hers, ...kept });
    });
    const other = await come("mallory-2", "rehearsal");
    await prepare();
    for (const [from, into] of [
      ["usr_zoe", other],
      [other, "usr_zoe"],
    ] as const) {
      const denied = { code: "permission_denied", message: expect.stringContaining("only an owner") };
      await expect(previewMerge(house, from, into, mallory)).rejects.toMatchObject(denied);
      await expect(mergeUsers(house, from, into, mallory)).rejects.toMatchObject(denied);
    }
    expect(await house.store.users.get(other)).not.toBeNull();
    const foreseen = await previewMerge(house, "usr_zoe", other, owner);
    expect(await previewMerge(house, "usr_zoe", other, SERVER)).toEqual(foreseen);
    expect(await mergeUsers(house, "usr_zoe", other, SERVER)).toEqual(foreseen);
  });
});

test("whoever was approved as an owner for another account is merged by owners only", async () => {
  const [zoe, other] = [await come("zoe", "github"), await come("mallory-2", "rehearsal")];
  await approve(zoe, "elsewhere-of-zoe");
  await expect(mergeUsers(house, zoe, other, mallory)).rejects.toMatchObject({ code: "permission_denied" });
  await mergeUsers(house, zoe, other, owner);
});

test("who cannot be meant is imported and merged by administrators as before", async () => {
  named("github", "zoe@demo.example");
  await promise(`github:${ZOE.subject}`);
  const [two, three] = [await come("bo", "github"), await come("bo", "rehearsal")];
  await mergeUsers(house, two, three, mallory);
  expect(await take(mallory, [identity("github", "cy")])).toMatchObject({ action: "created" });
  const both = [identity("rehearsal", "di"), identity("rehearsal", "di-2")];
  expect(await take(mallory, both, { status: "suspended" })).toMatchObject({ action: "created" });
});

test("an administrator's file confirms no e-mail, and makes nobody who can be merged for it", async () => {
  named("github", "zoe@demo.example");
  const made = await take(mallory, [{ ...HERS, ...LIE }]);
  expect(made).toMatchObject({ action: "created" });
  const [hers] = await house.store.identities.ofUser(made?.userId ?? "");
  expect(hers).toMatchObject({ email: LIE.email, emailVerified: null });
  const other = await come("mallory-2", "rehearsal");
  await expect(mergeUsers(house, made?.userId ?? "", other, mallory)).rejects.toMatchObject({
    code: "permission_denied",
  });
  const trusted = await take(SERVER, [identity("github", "cy", LIE)]);
  expect(await house.store.identities.ofUser(trusted?.userId ?? "")).toMatchObject([{ emailVerified: true }]);
});
