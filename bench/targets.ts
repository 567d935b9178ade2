export type Framework = "node" | "hono" | "fastify" | "express" | "flask";

/** Where people's sessions are kept; `nothing` = nobody has one. */
export type Keeps =
  | "nothing"
  | "cookie"
  | "memory"
  | "SQLite"
  | "PostgreSQL"
  | "Redis"
  | "PostgreSQL + Redis";

/** What is measured. */
export interface Target {
  /** As it is named on the command line. */
  readonly name: string;
  /** As people read it. */
  readonly title: string;
  readonly framework: Framework;
  readonly keeps: Keeps;
  /** Below `targets/`: how to start it, how to sign in. */
  readonly file: string;
  /** Handed to the file beside addresses and secrets. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What a production install names, the framework left out; `postern` is packed from here. None for bare servers. */
  readonly packages: readonly string[];
  /** Needs `npm ci` in `bench/`. */
  readonly peers: boolean;
  /** Filled up to a million sessions; the others, which differ only by their framework, to as many as memory is measured with. */
  readonly grows?: boolean;
}

/** The name of the server without authentication that a target is compared with. */
export function bareNameOf({ framework }: Pick<Target, "framework">): string {
  return `bare-${framework}`;
}

const FRAMEWORKS = {
  node: "node:http",
  hono: "Hono",
  fastify: "Fastify",
  express: "Express",
  flask: "Flask",
} as const satisfies Readonly<Record<Framework, string>>;

/** The floor of a sign-in. Not measured for its routes, of which it has none. */
export const FLOOR: Target = {
  name: "bare-client",
  title: "oauth4webapi alone",
  framework: "node",
  keeps: "nothing",
  file: "bare-client.js",
  packages: ["oauth4webapi"],
  peers: false,
};

const BARE: readonly Target[] = (["node", "hono", "fastify", "express", "flask"] as const).map(
  (framework) => ({
    name: `bare-${framework}`,
    title: `${FRAMEWORKS[framework]}, nobody at the door`,
    framework,
    keeps: "nothing",
    file: `bare-${framework}.js`,
    packages: [],
    peers: framework === "fastify",
  }),
);

const POSTERN: readonly Target[] = (["node", "hono", "fastify", "express"] as const).flatMap((framework) =>
  (["SQLite", "PostgreSQL", "PostgreSQL + Redis"] as const).map((keeps) => ({
    name: `postern-${framework}-${{ SQLite: "sqlite", PostgreSQL: "postgres", "PostgreSQL + Redis": "redis" }[keeps]}`,
    title: `Postern on ${FRAMEWORKS[framework]}, ${keeps}`,
    framework,
    keeps,
    file: `postern-${framework}.js`,
    packages: keeps === "SQLite" ? ["postern"] : ["postern", "pg"],
    peers: framework === "fastify",
    // With Redis beside it, it reads the same tables as without.
    grows: framework === "hono" && keeps !== "PostgreSQL + Redis",
  })),
);

const BETTER_AUTH: readonly Target[] = (["express", "hono"] as const).flatMap((framework) =>
  [false, true].map((cookieCache) => ({
    name: `better-auth-${framework}${cookieCache ? "-cookie-cache" : ""}`,
    title: `Better Auth on ${FRAMEWORKS[framework]}, SQLite${cookieCache ? " and cookie cache" : ""}`,
    framework,
    keeps: "SQLite",
    file: `better-auth-${framework}.js`,
    options: { cookieCache },
    packages: ["better-auth"],
    peers: true,
    grows: framework === "hono" && !cookieCache,
  })),
);

const PASSPORT: readonly Target[] = (["memory", "SQLite", "Redis"] as const).map((keeps) => ({
  name: `passport-${keeps.toLowerCase()}`,
  title: `Passport and express-session, ${keeps}`,
  framework: "express",
  keeps,
  file: "passport-express.js",
  packages: [
    ...["passport", "openid-client", "express-session"],
    ...(keeps === "Redis" ? ["connect-redis", "redis"] : []),
  ],
  peers: true,
  grows: true,
}));

/** Everything that can be measured, in the order of the report. */
export const TARGETS: readonly Target[] = [
  ...BARE,
  ...POSTERN,
  ...BETTER_AUTH,
  {
    name: "auth-js-jwt",
    title: "Auth.js on Express, JWT",
    framework: "express",
    keeps: "cookie",
    file: "auth-js-express.js",
    packages: ["@auth/express"],
    peers: true,
  },
  {
    name: "auth-js-database",
    title: "Auth.js on Express, PostgreSQL",
    framework: "express",
    keeps: "PostgreSQL",
    file: "auth-js-express.js",
    packages: ["@auth/express", "@auth/pg-adapter", "pg"],
    peers: true,
    grows: true,
  },
  ...PASSPORT,
  {
    name: "express-openid-connect",
    title: "express-openid-connect, cookie",
    framework: "express",
    keeps: "cookie",
    file: "express-openid-connect.js",
    packages: ["express-openid-connect"],
    peers: true,
  },
  {
    name: "fastify-plugins",
    title: "@fastify/oauth2 and session, memory",
    framework: "fastify",
    keeps: "memory",
    file: "fastify-plugins.js",
    packages: ["@fastify/oauth2", "@fastify/session", "@fastify/cookie"],
    peers: true,
    grows: true,
  },
  {
    name: "flask-authlib",
    title: "Flask and Authlib under gunicorn, cookie",
    framework: "flask",
    keeps: "cookie",
    file: "flask-authlib.js",
    packages: [],
    peers: false,
  },
];

/** The targets of these names, and the bare servers that they are compared with; all when none is named. @throws Error */
export function pickTargets(names: readonly string[]): readonly Target[] {
  if (names.length === 0) return TARGETS;
  const unknown = names.filter((name) => !TARGETS.some((target) => target.name === name));
  if (unknown.length > 0)
    throw new Error(
      `No target is called ${unknown.join(", ")}. There are:\n${TARGETS.map(({ name }) => `  ${name}`).join("\n")}`,
    );
  return TARGETS.filter(({ name }) => names.includes(name));
}
