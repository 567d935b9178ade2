import { hostname, userInfo } from "node:os";
import { printable } from "./printable.ts";

/** Who the audit log names for what is done here: `cli:root@host`. */
export function actor(): string {
  return printable(`cli:${account()}@${hostname()}`);
}

/** In containers an account may have a number and no name. */
function account(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
