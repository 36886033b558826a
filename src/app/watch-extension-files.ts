import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { sha256Hex } from "../core/ids.ts";
import { listManifests } from "../tools/plugin/read-plugins.ts";

/** Notes what the operator's files say now, at the start; the result tells which say something else by then, or are new or gone. */
export function watchExtensionFiles(files: Config["extensions"]): () => readonly string[] {
  const first = digestAll(files);
  return () => {
    const now = digestAll(files);
    const all = new Set([...first.keys(), ...now.keys()]);
    return [...all].filter((path) => first.get(path) !== now.get(path));
  };
}

function digestAll({ mcpConfig, actionsFile, pluginsDir }: Config["extensions"]) {
  const manifests = listManifests(pluginsDir).map((one) => join(pluginsDir, one));
  return new Map([mcpConfig, actionsFile, ...manifests].map((path) => [path, digest(path)]));
}

function digest(path: string): string | undefined {
  try {
    return sha256Hex(readFileSync(path));
  } catch {
    // It says nothing.
    return undefined;
  }
}
