import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The same engine without any of what a window needs: a page takes it half of the time. */
export const HEADLESS_SHELL = "chromium-headless-shell";
const COMMANDS = [
  HEADLESS_SHELL,
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
];

const MAC_APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The Chromium that tests drive: `CHROMIUM_PATH`, or one installed in a usual place; `null` where there is none. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return isProgram(named) ? named : null;
  return candidates(environment).find(isProgram) ?? null;
}

function candidates(environment: NodeJS.ProcessEnv): readonly string[] {
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const suffix = process.platform === "win32" ? ".exe" : "";
  const onPath = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command + suffix)));
  if (process.platform === "darwin") return [...onPath, ...MAC_APPLICATIONS];
  if (process.platform === "win32") return [...onPath, ...windowsPrograms(environment)];
  return onPath;
}

function windowsPrograms(environment: NodeJS.ProcessEnv): readonly string[] {
  return ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((variable) => {
    const folder = environment[variable];
    if (folder === undefined) return [];
    return [
      join(folder, "Chromium", "Application", "chrome.exe"),
      join(folder, "Google", "Chrome", "Application", "chrome.exe"),
    ];
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
