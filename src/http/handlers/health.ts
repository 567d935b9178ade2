import { PosternError } from "../../errors.ts";
import type { Call } from "../call.ts";
import { json } from "../responses.ts";

/** `GET /auth/health/live`: the process answers. */
export async function live(): Promise<Response> {
  return json({ status: "ok" });
}

/** `GET /auth/health/ready`: the store answers and its migrations have run. A dead provider makes nobody unready. */
export async function ready({ runtime }: Call): Promise<Response> {
  await runtime.store.ping();
  const pending = (await runtime.store.migrations()).filter(({ appliedAt }) => appliedAt === null);
  if (pending.length > 0) throw new PosternError("migrations_pending", "Migrations have not run.");
  return json({ status: "ok" });
}
