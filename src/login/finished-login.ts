import type { StartedLogin } from "./begin-attempt.ts";
import type { Linked } from "./finish-link.ts";
import type { SignedIn } from "./finish-sign-in.ts";
import type { SteppedUp } from "./finish-step-up.ts";
import type { RefusedLogin } from "./refuse-login.ts";

/** How an attempt ended. Every ending but a restart has been written to the audit log. */
export type FinishedLogin =
  | SignedIn
  | SteppedUp
  | Linked
  | (Omit<StartedLogin, "kind"> & { readonly kind: "restart" })
  | RefusedLogin;
