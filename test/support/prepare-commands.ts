import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { openStandInApi, type StandInApi } from "./open-stand-in-api.ts";
import { runCommand } from "./run-command.ts";

/** A directory for each test of a file, and in it, when asked for, what a service leaves for the commands. */
export function prepareCommands() {
  let api: StandInApi | undefined;
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "agent-runtime-cli-"));
  });
  afterEach(async () => {
    await api?.close();
    api = undefined;
    rmSync(cwd, { recursive: true });
  });

  /** A service, and the commands run where it left its address and its key. */
  async function setup(answer: Parameters<typeof openStandInApi>[1]) {
    api = await openStandInApi(cwd, answer);
    const run = (args: readonly string[], input = "") => runCommand(args, { cwd, input });
    return { url: api.url, key: api.token, seen: api.seen, run };
  }
  return { setup, directory: () => cwd };
}
