import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { canInstallPackages, installPackages } from "./debian-packages.ts";

/** Makes sure that there is a Redis server for the tests. @throws Error that says how to get one. */
export async function ensureRedis(): Promise<void> {
  if (isInstalled()) return;
  if (canInstallPackages()) await installPackages(["redis-server"]);
  if (isInstalled()) return;
  throw new Error(
    [
      "The tests of what stands beside the store need a Redis server (7.0 or newer), and none was found.",
      "  Debian, Ubuntu   sudo apt-get install redis-server",
      "  Fedora           sudo dnf install redis",
      "  macOS            brew install redis",
    ].join("\n"),
  );
}

function isInstalled(): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, "redis-server")));
}
