/** A process that changes one user and tells when: `node elsewhere-main.ts '{"database":…,"userId":…,"act":…}'`. */

import { createPostern } from "../../src/index.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { rehearsalProviders, SECRET } from "../support/back-office.ts";
import type { ElsewhereOrder } from "./elsewhere.ts";

const { database, userId, act, role = "" } = JSON.parse(process.argv[2] ?? "{}") as ElsewhereOrder;

if (act === "suspend") {
  // There is no door for this yet: it is said to the store itself.
  const store = await openStore(database, { now: Date.now, log: SILENT_LOG });
  await store.transaction((tx) => tx.users.update(userId, { status: "suspended" }));
  process.stdout.write(String(Date.now()));
  await store.close();
} else {
  const options = { publicUrl: "http://localhost:1", secret: SECRET, database };
  const postern = await createPostern({ ...options, providers: rehearsalProviders("http://localhost:1") });
  if (act === "revoke") await postern.users.revoke(userId, role, "test:elsewhere");
  else await postern.sessions.endAllOf(userId, "test:elsewhere");
  process.stdout.write(String(Date.now()));
  await postern.close();
}
