import { findPython } from "../test/support/python.ts";
import { canInstallPackages, installPackages } from "./debian-packages.ts";

/** Makes sure that the Python recipe of docs/services.md can be run. @throws Error that says how to get what it needs. */
export async function ensureFlask(): Promise<void> {
  if (findPython() !== null) return;
  if (canInstallPackages()) await installPackages(["python3-flask", "python3-authlib"]);
  if (findPython() === null) throw new Error(howToGetFlask());
}

function howToGetFlask(): string {
  return [
    "The test of the Python recipe needs a python3 with Flask and Authlib, and none was found on PATH, in /usr/bin or in PYTHON_PATH.",
    "  Debian, Ubuntu   sudo apt-get install python3-flask python3-authlib",
    "  elsewhere        python3 -m pip install flask authlib",
  ].join("\n");
}
