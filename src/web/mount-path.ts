/** Whether a path, with or without a query, is the mount path or below it: `/authentic` is not below `/auth`. */
export function isUnderPath(path: string, mountPath: string): boolean {
  if (!path.startsWith(mountPath)) return false;
  const next = path.charAt(mountPath.length);
  return next === "" || next === "/" || next === "?";
}
