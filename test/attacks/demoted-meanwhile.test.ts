import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import {
  changeInvitationRoles,
  resendInvitation,
  revokeInvitation,
} from "../../src/invitations/change-invitation.ts";
import { createInvitation } from "../../src/invitations/create-invitation.ts";
import type { StoreTransaction } from "../../src/model/store.ts";
import { approveRequest, declineRequest } from "../../src/requests/decide-request.ts";
import { createRole } from "../../src/roles/change-roles.ts";
import { changeRules } from "../../src/rules/change-rules.ts";
import { endSessionsOfUser } from "../../src/sessions/end-session.ts";
import { importPeople } from "../../src/transfer/import-people.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole, revokeRole } from "../../src/users/grant-role.ts";
import { mergeUsers } from "../../src/users/merge-users.ts";
import { grantBeforeSignIn, revokePendingGrant } from "../../src/users/pending-grant.ts";
import { suspendUser } from "../../src/users/suspend-user.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase, type RawDatabase } from "../support/raw-database.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, type VerbRuntime } from "../support/verb-runtime.ts";
import { ENGINES } from "./stage.ts";

const SERVER = "cli:root@host";
const ROUNDS = 6;

/** What the verbs are about, made anew for each. */
interface Scene {
  readonly actor: string;
  readonly victim: string;
  readonly other: string;
  readonly n: number;
}

type Attempt = (runtime: VerbRuntime, scene: Scene) => Promise<unknown>;

/** Everything by which an administrator leaves something behind. Each does its preparation before it is awaited. */
const ATTEMPTS: Readonly<Record<string, (runtime: VerbRuntime, scene: Scene) => Promise<Attempt>>> = {
  "promises a role":
    async () =>
    (runtime, { actor, n }) =>
      grantBeforeSignIn(runtime, `rehearsal:friend-${n}@demo.example`, "admin", actor),
  "takes a promise back": async (runtime, { n }) => {
    const { grant } = await grantBeforeSignIn(runtime, `rehearsal:taken-${n}@demo.example`, "admin", SERVER);
    return (there, { actor }) => revokePendingGrant(there, grant, actor);
  },
  "gives a role":
    async () =>
    (runtime, { actor, victim }) =>
      grantRole(runtime, victim, "admin", actor),
  invites:
    async () =>
    (runtime, { actor }) =>
      createInvitation(runtime, { roles: ["admin"] }, actor),
  "sends an invitation again": async (runtime) => {
    const { invitation } = await createInvitation(runtime, { roles: ["admin"] }, SERVER);
    return (there, { actor }) => resendInvitation(there, invitation.id, actor);
  },
  "changes an invitation": async (runtime) => {
    const { invitation } = await createInvitation(runtime, { roles: ["member"] }, SERVER);
    return (there, { actor }) => changeInvitationRoles(there, invitation.id, ["admin"], actor);
  },
  "revokes an invitation": async (runtime) => {
    const { invitation } = await createInvitation(runtime, { roles: ["member"] }, SERVER);
    return (there, { actor }) => revokeInvitation(there, invitation.id, actor);
  },
  "approves a request": async (runtime, scene) => {
    const id = await requested(runtime, scene);
    return (there, { actor }) => approveRequest(there, id, "admin", actor);
  },
  "declines a request": async (runtime, scene) => {
    const id = await requested(runtime, scene);
    return (there, { actor }) => declineRequest(there, id, "no", actor);
  },
  "adds an access rule": async (runtime) => {
    const { version } = await runtime.store.policy.read();
    const wish = { rule: { when: { emailDomain: "friends.example" }, then: "allow" as const } };
    return (there, { actor }) => changeRules(there, { kind: "add", wish }, { version, actor });
  },
  "makes a role":
    async () =>
    (runtime, { actor, n }) =>
      createRole(runtime, { name: `made-${n}`, permissions: ["orders.read"] }, { actor }),
  imports:
    async () =>
    async (runtime, { actor, n }) => {
      const roles = [{ role: "admin", createdAt: null }];
      const record = {
        kind: "waiting",
        who: `rehearsal:file-${n}@demo.example`,
        roles,
        reason: null,
      } as const;
      const rows = async function* () {
        yield { line: 1, record };
      };
      for await (const { problem } of importPeople(runtime, rows(), {}, actor)) expect(problem).toBeNull();
    },
  suspends:
    async () =>
    (runtime, { actor, victim }) =>
      suspendUser(runtime, victim, actor),
  deletes:
    async () =>
    (runtime, { actor, victim }) =>
      deleteUser(runtime, victim, actor),
  merges:
    async () =>
    (runtime, { actor, victim, other }) =>
      mergeUsers(runtime, victim, other, actor),
  "signs somebody out":
    async () =>
    (runtime, { actor, victim }) =>
      endSessionsOfUser(runtime, victim, by(actor)),
};

function by(actor: string) {
  return { actor, reason: "signed_out_by_administrator", address: null } as const;
}

async function requested({ store, now }: VerbRuntime, { n }: Scene): Promise<string> {
  const id = `arq_${n}`;
  await store.transaction((tx) =>
    tx.accessRequests.insert({
      ...{ id, provider: "rehearsal", issuer: "http://localhost:4181", subject: `asker-${n}`, userId: null },
      ...{ handle: null, name: null, email: null, emailVerified: null, note: null, status: "pending" },
      ...{ createdAt: now(), decidedAt: null, decidedBy: null, role: null, reason: null },
      ...{ askAgainAt: null, enteredAt: null },
    }),
  );
  return id;
}

describe.each(ENGINES)("an administrator who is demoted at this very moment (%s)", (engine) => {
  const folder = scratchFolder();
  let here: VerbRuntime;
  /** Another process, as far as the store can tell. */
  let there: VerbRuntime;
  let raw: RawDatabase;
  let arrivals = 0;

  beforeAll(async () => {
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("meanwhile.db");
    const options = {
      owners: ["rehearsal:person-1@demo.example"],
      roles: { support: ["orders.read"] },
      access: [{ when: { emailDomain: "demo.example" }, then: "allow" as const }],
    };
    here = await openVerbRuntime({ database, now: Date.now, options });
    there = await openVerbRuntime({ database, now: Date.now, options });
    raw = await openRawDatabase(database);
    await somebody();
  });
  afterAll(async () => {
    await raw.close();
    await here.store.close();
    await there.store.close();
    folder.remove();
  });

  async function somebody(...roles: readonly string[]): Promise<string> {
    const admission = await arrive(here, `person-${++arrivals}`);
    if (admission.kind !== "admitted") throw new Error(admission.code);
    for (const role of roles) await grantRole(here, admission.userId, role, SERVER);
    return admission.userId;
  }

  async function scene(): Promise<Scene> {
    const [actor, victim, other] = [await somebody("admin"), await somebody(), await somebody()];
    return { actor, victim, other, n: arrivals };
  }

  /** Until somebody waits for a lock, or `isOver`. SQLite lets nobody in anyway: a while is enough to try. */
  async function untilWaiting(tx: StoreTransaction, isOver: () => boolean): Promise<void> {
    if (engine !== "postgres") {
      for (let n = 0; n < 20; n++) await tx.grants.countHolders("admin");
      return;
    }
    const waiting =
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while (!isOver() && (await raw.rows(waiting)).length === 0);
  }

  test.each(Object.entries(ATTEMPTS))("%s no more", async (_, prepare) => {
    const one = await scene();
    const attempt = await prepare(here, one);
    let outcome: unknown = null;
    let attempted: Promise<unknown> = Promise.resolve();
    const events = async () =>
      (await here.store.audit.list({ limit: 1000 })).filter(({ actor }) => actor === one.actor);
    await here.store.transaction(async (tx) => {
      await tx.users.lock(one.actor);
      await tx.grants.delete({ userId: one.actor, role: "admin", source: "direct" });
      attempted = attempt(there, one).then(
        () => (outcome = "done"),
        (error: unknown) => (outcome = error),
      );
      await untilWaiting(tx, () => outcome !== null);
    });
    await attempted;
    expect(outcome).toMatchObject({ code: "permission_denied" });
    expect(
      (await events()).filter(({ action }) => action !== "login.succeeded" && action !== "user.created"),
    ).toEqual([]);
  });

  const EACH_OTHER: Readonly<
    Record<string, (runtime: VerbRuntime, id: string, actor: string) => Promise<unknown>>
  > = {
    demote: (runtime, id, actor) => revokeRole(runtime, id, "admin", actor),
    suspend: suspendUser,
    delete: deleteUser,
    "sign out": (runtime, id, actor) => endSessionsOfUser(runtime, id, by(actor)),
  };
  const pairs = Object.keys(EACH_OTHER).flatMap((first) =>
    Object.keys(EACH_OTHER).map((second) => [first, second] as const),
  );

  test.each(pairs)(
    `two do it to each other: %s and %s, ${ROUNDS} times, nobody waits for ever`,
    async (first, second) => {
      for (let round = 0; round < ROUNDS; round++) {
        const [one, two] = [await somebody("admin"), await somebody("admin")];
        const results = await Promise.allSettled([
          EACH_OTHER[first]?.(here, one, two),
          EACH_OTHER[second]?.(there, two, one),
        ]);
        const refused = results.flatMap((result) =>
          result.status === "rejected" ? [result.reason.code] : [],
        );
        const mayBoth = first === "sign out" || second === "sign out";
        expect(refused.filter((code) => code !== "permission_denied")).toEqual([]);
        expect(mayBoth ? refused.length <= 1 : refused.length === 1, refused.join()).toBe(true);
      }
    },
  );
});
