import type { CommandPath } from "./commands.ts";
import type { Run } from "./invocation.ts";

/** The file that does each command: loaded when it is called, so that the help comes at once. */
const COMMAND_FILES: Readonly<Record<CommandPath, () => Promise<{ readonly run: Run }>>> = {
  demo: () => import("./commands/demo.ts"),
  migrate: () => import("./commands/migrate.ts"),
  "migrate status": () => import("./commands/migrate-status.ts"),
  "users list": () => import("./commands/users-list.ts"),
  "users show": () => import("./commands/users-show.ts"),
  "users grant": () => import("./commands/users-grant.ts"),
  "users revoke": () => import("./commands/users-revoke.ts"),
  "users sign-out": () => import("./commands/users-sign-out.ts"),
  "users suspend": () => import("./commands/users-suspend.ts"),
  "users reactivate": () => import("./commands/users-reactivate.ts"),
  "users unlink": () => import("./commands/users-unlink.ts"),
  "users merge": () => import("./commands/users-merge.ts"),
  "users delete": () => import("./commands/users-delete.ts"),
  "users restore": () => import("./commands/users-restore.ts"),
  "users purge": () => import("./commands/users-purge.ts"),
  "owner-link": () => import("./commands/owner-link.ts"),
  "providers list": () => import("./commands/providers-list.ts"),
  "providers check": () => import("./commands/providers-check.ts"),
  "providers inspect": () => import("./commands/providers-inspect.ts"),
  "access explain": () => import("./commands/access-explain.ts"),
  "access rehearse": () => import("./commands/access-rehearse.ts"),
  "rules list": () => import("./commands/rules-list.ts"),
  "rules show": () => import("./commands/rules-show.ts"),
  "rules add": () => import("./commands/rules-add.ts"),
  "rules change": () => import("./commands/rules-change.ts"),
  "rules move": () => import("./commands/rules-move.ts"),
  "rules enable": () => import("./commands/rules-enable.ts"),
  "rules disable": () => import("./commands/rules-disable.ts"),
  "rules remove": () => import("./commands/rules-remove.ts"),
  "invites create": () => import("./commands/invites-create.ts"),
  "invites list": () => import("./commands/invites-list.ts"),
  "invites resend": () => import("./commands/invites-resend.ts"),
  "invites revoke": () => import("./commands/invites-revoke.ts"),
  "api-keys create": () => import("./commands/api-keys-create.ts"),
  "api-keys list": () => import("./commands/api-keys-list.ts"),
  "api-keys revoke": () => import("./commands/api-keys-revoke.ts"),
  "requests list": () => import("./commands/requests-list.ts"),
  "requests show": () => import("./commands/requests-show.ts"),
  "requests approve": () => import("./commands/requests-approve.ts"),
  "requests decline": () => import("./commands/requests-decline.ts"),
  export: () => import("./commands/export.ts"),
  import: () => import("./commands/import.ts"),
  "tokens reseal": () => import("./commands/tokens-reseal.ts"),
  "webhooks list": () => import("./commands/webhooks-list.ts"),
  "webhooks test": () => import("./commands/webhooks-test.ts"),
  "audit list": () => import("./commands/audit-list.ts"),
};

/** Loads what a command does. */
export async function loadCommand(path: CommandPath): Promise<Run> {
  return (await COMMAND_FILES[path]()).run;
}
