import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import { findChromium, HEADLESS_SHELL } from "../test/support/chromium.ts";
import { canInstallPackages, installPackages } from "./debian-packages.ts";

/** A font with Chinese characters, without which the pages in 简体中文 show empty boxes, and what finds it. */
const CHINESE_FONT = ["fonts-noto-cjk", "fontconfig"];

/** Makes sure that there is a Chromium for the browser tests. @throws Error that says how to get one. */
export async function ensureChromium(): Promise<void> {
  await installHeadlessShell();
  const missing: string[] = [];
  if (findChromium() === null) missing.push("chromium");
  if (!showsChinese()) missing.push(...CHINESE_FONT);
  if (missing.length === 0) return;

  const named = process.env.CHROMIUM_PATH;
  if (named && findChromium() === null) throw new Error(`CHROMIUM_PATH names no program: ${named}`);
  if (canInstallPackages()) await installPackages(missing);
  if (findChromium() === null) throw new Error(howToGetChromium());
  if (!showsChinese())
    console.warn("No font with Chinese characters was found: pages in 简体中文 show empty boxes.");
}

/** Where the system has it: the browser tests take half as long with it. Any other Chromium does as well. */
async function installHeadlessShell(): Promise<void> {
  const found = findChromium();
  const isChosen = found !== null && (process.env.CHROMIUM_PATH || basename(found) === HEADLESS_SHELL);
  if (isChosen || !canInstallPackages()) return;
  await installPackages([HEADLESS_SHELL]).catch((error: Error) => console.warn(error.message));
}

/** True also where fontconfig is not used: there the system brings its own fonts. */
function showsChinese(): boolean {
  if (process.platform !== "linux") return true;
  const fonts = spawnSync("fc-list", [":lang=zh", "family"], { encoding: "utf8" });
  return fonts.status === 0 && fonts.stdout.trim() !== "";
}

function howToGetChromium(): string {
  return [
    "The browser tests need Chromium, and none was found on PATH, in the usual places, or in CHROMIUM_PATH.",
    "  Debian, Ubuntu   sudo apt-get install chromium fonts-noto-cjk",
    "  Fedora           sudo dnf install chromium google-noto-sans-cjk-fonts",
    "  Alpine           apk add chromium font-noto-cjk",
    "  macOS            brew install --cask chromium",
    "  Windows          winget install Google.Chrome",
    "  elsewhere        set CHROMIUM_PATH to the program of a Chromium or Chrome",
  ].join("\n");
}
