import { fromPostgresError } from "./postgres-errors.ts";
import { importPg } from "./postgres-pool.ts";

/** A connection that only listens. */
export interface Ear {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly lost: Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds until the connection must stand, and until the server must have agreed to tell. */
const PATIENCE = 3_000;

/**
 * Listens from the moment on when the answer comes. Nothing is ever asked on this connection afterwards: a pooler that
 * lends its connections for one transaction each then has no reason to lend one, and no notice comes by accident.
 * @throws PosternError `store_unavailable`
 */
export async function openEar(
  url: string,
  channels: readonly string[],
  hear: (channel: string, text: string) => void,
): Promise<Ear> {
  const { Client } = await importPg();
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: PATIENCE,
    query_timeout: PATIENCE,
    keepAlive: true,
    fallback_application_name: "postern signals",
  });
  const lost = new Promise<void>((resolve) => {
    client.on("error", () => resolve());
    client.on("end", () => resolve());
  });
  client.on("notification", ({ channel, payload = "" }) => hear(channel, payload));
  const close = () => client.end().catch(() => {});
  try {
    await client.connect();
    await client.query(channels.map((channel) => `listen ${channel}`).join("; "));
  } catch (error) {
    void close();
    throw fromPostgresError(error);
  }
  // Listening alone keeps no process alive. (The types of `pg` have forgotten it.)
  (client as unknown as { unref(): void }).unref();
  return { lost, close };
}
