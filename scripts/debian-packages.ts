import { existsSync } from "node:fs";
import { run } from "./run.ts";

/** True on Debian and its kin as root, where a missing program can be had without asking anybody. */
export function canInstallPackages(): boolean {
  return existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
}

/** Installs Debian packages. @throws Error when one cannot be had. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  console.log(`Installing ${packages.join(", ")}`);
  const options = { environment: { DEBIAN_FRONTEND: "noninteractive" } };
  await run("apt-get", ["update", "-qq"], options);
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], options);
}
