import { asObject } from "../../oauth/json.ts";

/** What stands at a path: `data.user.id`, or its names one by one where a name holds dots itself. */
export function at(value: unknown, path: string | readonly string[] | undefined): unknown {
  if (path === undefined) return undefined;
  const names = typeof path === "string" ? path.split(".") : path;
  return names.reduce<unknown>((inner, name) => {
    const object = asObject(inner);
    return object !== null && Object.hasOwn(object, name) ? object[name] : undefined;
  }, value);
}
