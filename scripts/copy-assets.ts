/**
 * The last step of the build: puts what the compiler leaves alone (styles, pictures, data) beside the code that reads
 * it, and lets the command line be run as a program.
 */

import { chmod, cp, glob } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

for await (const file of glob("**/*.{css,svg,json}", { cwd: join(root, "src") })) {
  await cp(join(root, "src", file), join(root, "dist", file));
}

// npm does this when it installs the package; whoever builds a clone runs the file itself.
await chmod(join(root, "dist/cli/bin.js"), 0o755);
