/** Where a Redis or Valkey stands: one server, a cluster, or one of several that Sentinels choose. */
export interface RedisPlace {
  readonly kind: "single" | "cluster" | "sentinel";
  /** At least one; of a cluster or of the Sentinels, any that can be asked for the others. */
  readonly hosts: readonly RedisHost[];
  readonly tls: boolean;
  /** `null` = the default user. */
  readonly user: string | null;
  /** `null` = none is asked for. */
  readonly password: string | null;
  /** A cluster has only 0. */
  readonly database: number;
  /** What the Sentinels call the servers that they watch; empty elsewhere. */
  readonly master: string;
  /** How the Sentinels themselves are logged in to; `null` = not at all. */
  readonly sentinelUser: string | null;
  readonly sentinelPassword: string | null;
}

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

const ADDRESS =
  /^(rediss?)(?:\+(cluster|sentinel))?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(\/[^?#]*)?(?:\?([^#]*))?$/i;
const HOST = /^(\[[0-9a-f:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/i;
const PORTS = { single: 6_379, cluster: 6_379, sentinel: 26_379 };

/**
 * Takes an address apart: `redis[s]://[[user]:password@]host[:port][/database]`,
 * `redis[s]+cluster://[[user]:password@]host[:port],host[:port]`, or
 * `redis[s]+sentinel://[[user]:password@]host[:port],…/name[/database][?sentinelUser=…&sentinelPassword=…]`.
 * Answers what is wrong with it where it cannot be understood, without the value: it may hold a password.
 */
export function readRedisAddress(text: string): RedisPlace | string {
  const parts = ADDRESS.exec(text);
  if (parts === null) return "is not the address of a Redis or Valkey server";
  const [, scheme = "", form = "single", login, hostList = "", path = "", query = ""] = parts;
  const kind = form.toLowerCase() as RedisPlace["kind"];
  const hosts = hostList.split(",").map((host) => readHost(host, PORTS[kind]));
  const told = readLogin(login);
  const own = readQuery(query, kind);
  const where = readPath(path, kind);
  if (hosts.includes(null)) return "names a host or a port that cannot be one";
  if (kind === "single" && hosts.length > 1)
    return "names several servers, but not whether they are a cluster";
  if (told === null) return "has a user or a password in which a special character is not percent-encoded";
  if (own === null) return "has something behind its question mark that is not understood";
  if (typeof where === "string") return where;
  return {
    kind,
    hosts: hosts.filter((host) => host !== null),
    tls: scheme.toLowerCase() === "rediss",
    ...told,
    ...where,
    ...own,
  };
}

function readHost(text: string, port: number): RedisHost | null {
  const [, host = "", told] = HOST.exec(text) ?? [];
  const number = told === undefined ? port : Number(told);
  if (host === "" || number < 1 || number > 65_535) return null;
  return { host: host.replace(/^\[|\]$/g, ""), port: number };
}

function readLogin(login: string | undefined): Pick<RedisPlace, "user" | "password"> | null {
  if (login === undefined) return { user: null, password: null };
  const colon = login.indexOf(":");
  // `redis://secret@host` would be a user without a password, which no server has.
  if (colon === -1) return null;
  const user = decoded(login.slice(0, colon));
  const password = decoded(login.slice(colon + 1));
  if (user === null || password === null) return null;
  return { user: user || null, password: password || null };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function readQuery(
  query: string,
  kind: RedisPlace["kind"],
): Pick<RedisPlace, "sentinelUser" | "sentinelPassword"> | null {
  const told = new URLSearchParams(query);
  const known = kind === "sentinel" ? ["sentinelUser", "sentinelPassword"] : [];
  if ([...told.keys()].some((name) => !known.includes(name))) return null;
  return {
    sentinelUser: told.get("sentinelUser") || null,
    sentinelPassword: told.get("sentinelPassword") || null,
  };
}

function readPath(path: string, kind: RedisPlace["kind"]): Pick<RedisPlace, "database" | "master"> | string {
  const segments = path.split("/").slice(1);
  const master = kind === "sentinel" ? (decoded(segments.shift() ?? "") ?? "") : "";
  const number = segments.shift() ?? "";
  if (kind === "sentinel" && master === "") return "does not say what the Sentinels call their server";
  if (segments.length > 0 || !/^\d{0,5}$/.test(number)) return "has a database that is not a number";
  if (kind === "cluster" && Number(number) !== 0) return "names a database, and a cluster has only one";
  return { master, database: Number(number) };
}
