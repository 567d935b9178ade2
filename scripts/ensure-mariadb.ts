import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { canInstallPackages, installPackages } from "./debian-packages.ts";

/** Makes sure that there is a MariaDB server for the store's tests. @throws Error that says how to get one. */
export async function ensureMariadb(): Promise<void> {
  if (isInstalled()) return;
  if (canInstallPackages()) await installPackages(["mariadb-server"]);
  if (isInstalled()) return;
  throw new Error(
    [
      "The tests of the MySQL store need a MariaDB server, and none was found.",
      "  Debian, Ubuntu   sudo apt-get install mariadb-server",
      "  Fedora           sudo dnf install mariadb-server",
      "  macOS            brew install mariadb",
    ].join("\n"),
  );
}

function isInstalled(): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.some((folder) => existsSync(join(folder, "mariadbd")));
}
