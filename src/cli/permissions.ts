import type { RegisteredPermission } from "../model/permission.ts";
import { nearest } from "../web/nearest.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { printable } from "./printable.ts";

/** `--permission orders.read,orders.refund`. @throws CliFailure `missing_value`, `unknown_permission` */
export function readPermissions(
  { flags: { permission } }: Pick<Invocation, "flags">,
  registered: readonly RegisteredPermission[],
): readonly string[] {
  const given = (permission ?? "").split(",").map((one) => one.trim());
  if (permission === undefined || given.includes(""))
    throw new CliFailure("missing_value", (words) => words.missingValue("--permission <permission>"));
  for (const one of given) requireKnownPermission(one, registered);
  return given;
}

/** @throws CliFailure `unknown_permission`, with the nearest one */
export function requireKnownPermission(
  permission: string,
  registered: readonly RegisteredPermission[],
): void {
  const known = registered.map(({ key }) => key);
  if (known.includes(permission)) return;
  const guess = nearest(permission, known);
  throw new CliFailure(
    "unknown_permission",
    (words) => words.unknownPermission(printable(permission), guess, known.join(", ")),
    { more: { permission, didYouMean: guess, known } },
  );
}

/** Those that cost money or cannot be undone. */
export function dangerousAmong(
  permissions: readonly string[],
  registered: readonly RegisteredPermission[],
): readonly string[] {
  return registered
    .filter(({ key, dangerous }) => dangerous && permissions.includes(key))
    .map(({ key }) => key);
}
