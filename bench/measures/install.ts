import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

export interface InstallResult {
  readonly packages: number;
  /** Of 10⁶ bytes, as files are long. */
  readonly megabytes: number;
}

interface Manifest {
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** They would be there anyway, also where something asks for one of them as a peer. */
const FRAMEWORKS = new Set(["express", "fastify", "hono"]);

/**
 * What `npm install --omit=dev <names>` brings: the packages, what they depend on, and the peers that npm installs with
 * them, frameworks left out; each folder once. Read from what is installed here, so nothing is downloaded.
 */
export function measureInstall(names: readonly string[]): InstallResult {
  const folders = new Set<string>();
  for (const name of names) addPackage(folders, folderOf(name, import.meta.dirname));
  const bytes = [...folders].reduce((sum, folder) => sum + sizeOf(folder), 0);
  return { packages: folders.size, megabytes: bytes / 1e6 };
}

function addPackage(folders: Set<string>, folder: string | null): void {
  if (folder === null || folders.has(folder)) return;
  folders.add(folder);
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = manifestOf(folder);
  const peers = Object.keys(peerDependencies ?? {}).filter(
    (name) => !FRAMEWORKS.has(name) && !peerDependenciesMeta?.[name]?.optional,
  );
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers])
    addPackage(folders, folderOf(name, folder));
}

/** As Node finds it: beside the package that asks, then further up. Optional ones for other systems are not there. */
function folderOf(name: string, from: string): string | null {
  if (name === "postern") return ROOT;
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(join(found, "package.json"))) return found;
    if (folder === dirname(folder)) return null;
  }
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** Without the packages in it, which count for themselves; of Postern what is packed. */
function sizeOf(folder: string): number {
  const packed = folder === ROOT ? new Set(["package.json", ...(manifestOf(ROOT).files ?? [])]) : null;
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules" && (packed === null || packed.has(name)))
    .reduce((sum, entry) => sum + bytesOf(join(folder, entry.name)), 0);
}

function bytesOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path)
    .filter((name) => name !== "node_modules")
    .reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}
