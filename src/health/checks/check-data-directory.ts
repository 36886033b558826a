import { access, constants, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Check, fail, ok, warn } from "../check.ts";

const NAME = "data directory";
/** Files that hold secrets: only the owner may read them. */
const SECRET_FILES = ["admin-token", "audit.key"];
const OTHERS = 0o077;

/**
 * Whether the runtime can use its data directory and nobody else can read the secrets in it. `problems`: what is in
 * the way of the paths that are there.
 */
export async function checkDataDirectory(
  dataDir: string,
  problems: readonly string[],
): Promise<readonly Check[]> {
  if (problems.length > 0) return problems.map((problem) => fail(NAME, problem));
  if ((await statIfThere(dataDir)) === undefined) return [await checkPlace(dataDir)];
  const open = await findOpenSecrets(dataDir);
  return open.length === 0 ? [ok(NAME, dataDir)] : open;
}

async function findOpenSecrets(dataDir: string): Promise<Check[]> {
  const names = new Set(await readdir(dataDir));
  const problems: Check[] = [];
  for (const name of SECRET_FILES.filter((file) => names.has(file))) {
    const path = join(dataDir, name);
    const { mode } = await stat(path);
    if ((mode & OTHERS) !== 0)
      problems.push(fail(NAME, `Other accounts can read ${path}. Run: chmod 600 ${path}`));
  }
  return problems;
}

/** There is none yet: whether the first start could make it. */
async function checkPlace(dataDir: string): Promise<Check> {
  let parent = dirname(dataDir);
  while ((await statIfThere(parent)) === undefined && parent !== dirname(parent))
    parent = dirname(parent);
  return (await isWritable(parent))
    ? warn(NAME, `${dataDir} is not there yet. The first start makes it.`)
    : fail(
        NAME,
        `${dataDir} is not there and ${parent} cannot be written. Set AGENT_RUNTIME_DATA_DIR to a place that can.`,
      );
}

async function statIfThere(path: string) {
  return await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
