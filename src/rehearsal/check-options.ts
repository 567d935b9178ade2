import { ConfigError, type ConfigProblem } from "../errors.ts";
import { isLoopbackHost } from "./clients.ts";
import type { RehearsalOptions } from "./options.ts";

/** Refuses to rehearse where it could be mistaken for the real thing. @throws ConfigError with every reason */
export function checkOptions(options: RehearsalOptions): void {
  const problems: ConfigProblem[] = [];
  const environment = options.env ?? process.env;
  if (environment.NODE_ENV === "production") {
    problems.push({
      path: "NODE_ENV",
      message: "the rehearsal provider lets anybody in as anybody, so it does not run in production",
      fix: "use a real identity provider there, or set NODE_ENV to development on a machine that is not production",
    });
  }
  if (options.publicUrl !== undefined && !isPlainHttpOrigin(options.publicUrl)) {
    problems.push({
      path: "publicUrl",
      message: "the rehearsal provider is for plain http, at the root of its origin, and nothing else",
      fix: "leave it out, or give an address such as http://localhost:4000",
    });
  }
  if (options.host !== undefined && !isLoopbackHost(options.host) && options.allowRemote !== true) {
    problems.push({
      path: "host",
      message: `listening on ${options.host} would let other machines sign in as anybody`,
      fix: "leave it out, or set allowRemote when the network is closed, as between containers",
    });
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

function isPlainHttpOrigin(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === "http:" && url.href === `${url.origin}/`;
}
