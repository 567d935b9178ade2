import { isPermissionKey, isRoleName } from "../model/role.ts";
import type { Report } from "../model/rule-vocabulary.ts";
import type { PosternOptions, Settings } from "../options.ts";

/** Reports what is wrong with `roles`. */
export function checkRoles(value: PosternOptions["roles"], report: Report): Settings["roles"] {
  for (const [role, permissions] of Object.entries(value ?? {})) {
    const path = `roles.${role}`;
    if (role === "owner") report(path, "is built in and may do everything", "Remove it.");
    if (!isRoleName(role)) {
      report(
        path,
        "is not a role name",
        "Use lower-case letters, digits and hyphens, starting with a letter.",
      );
    }
    if (!Array.isArray(permissions)) {
      report(path, "is not a list of permissions", `Write ${role}: ["orders.read"].`);
      continue;
    }
    permissions.forEach((permission, index) => {
      if (isPermissionKey(permission)) return;
      report(
        `${path}[${index}]`,
        `"${permission}" is not a permission name`,
        'Use words with dots, such as "orders.refund".',
      );
    });
  }
  return value ?? {};
}
