import { checkNames } from "../model/check-names.ts";
import type { Log } from "../model/log.ts";
import type { PermissionOptions, RegisteredPermission } from "../model/permission.ts";
import { isPermissionKey } from "../model/role.ts";
import type { Report } from "../model/rule-vocabulary.ts";
import { readTitle, type Title } from "../model/title.ts";
import type { PosternOptions } from "../options.ts";
import { nearest } from "../web/nearest.ts";

const NAMES = ["group", "title", "dangerous"] as const satisfies readonly (keyof PermissionOptions)[];
const EXAMPLE = '"orders.refund": { title: "Refund orders", dangerous: true }';

/** Reports what is wrong with `permissions`. Answers all that there are: those that only a role names stand for themselves. */
export function checkPermissions(
  { permissions: value = {}, roles = {} }: Pick<PosternOptions, "permissions" | "roles">,
  log: Log,
  report: Report,
): readonly RegisteredPermission[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report("permissions", "is not an object", `Write permissions: { ${EXAMPLE} }.`);
    return [];
  }
  const registered = Object.entries(value).map(([key, told]) => checkPermission(key, told, report));
  const known = registered.map(({ key }) => key);
  const named = Object.values(roles)
    .flat()
    .filter((key) => isPermissionKey(key));
  const others = [...new Set(named)].filter((key) => !known.includes(key));
  for (const key of others) warnOfSlip(key, known, log);
  const all = [...registered, ...others.map((key) => ({ ...PLAIN, key, title: titleOf(key) }))];
  return all.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

const PLAIN = { group: null, dangerous: false } as const;

function checkPermission(key: string, told: unknown, report: Report): RegisteredPermission {
  const path = `permissions.${key}`;
  if (!isPermissionKey(key)) {
    report(path, "is not a permission name", 'Use words with dots, such as "orders.refund".');
  }
  if (typeof told !== "object" || told === null) {
    report(path, "is not an object", `Write ${EXAMPLE}, or {} when there is nothing to tell.`);
    return { ...PLAIN, key, title: titleOf(key) };
  }
  checkNames(told, NAMES, `${path}.`, report);
  const { group, title, dangerous = false }: PermissionOptions = told;
  if (typeof dangerous !== "boolean") report(`${path}.dangerous`, "is neither true nor false", "Write true.");
  return {
    key,
    title: title === undefined ? titleOf(key) : (checkTitle(title, `${path}.title`, report) ?? titleOf(key)),
    group: group === undefined ? null : checkTitle(group, `${path}.group`, report),
    dangerous: dangerous === true,
  };
}

function checkTitle(value: unknown, path: string, report: Report): Title | null {
  const title = readTitle(value);
  if (title === null) {
    report(
      path,
      "is not a title",
      'Write a text of one line and 100 characters at most, or one for each language: { en: "Refund orders", "zh-CN": "退款" }.',
    );
  }
  return title;
}

function titleOf(key: string): Title {
  return { en: key, "zh-CN": key };
}

/** A slip of the pen would be a permission that no route asks for. */
function warnOfSlip(key: string, known: readonly string[], log: Log): void {
  const guess = nearest(key, known);
  if (guess === null) return;
  log.warn(
    { permission: key, registered: guess },
    "roles: a permission is not registered, but one that looks like it is; register it, or mend its name",
  );
}
