import { execFile } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HAS_WALLS } from "./open-hostile-scene.ts";

const PROGRAM = join(import.meta.dirname, "rebinding-program.ts");

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "agent-runtime-rebinding-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Came {
  readonly inside: readonly string[];
  readonly outside: readonly string[];
  /** How often each name was asked about. */
  readonly asked: Readonly<Record<string, number>>;
  readonly steps: readonly string[];
}

/** Runs it where nothing but this machine is reached, as root there, with a resolver that asks this machine for names. */
async function runApart(): Promise<Came> {
  const instead = (file: string, text: string) => {
    const own = join(home, file);
    writeFileSync(own, text);
    return ["--ro-bind", own, realpathSync(`/etc/${file}`)];
  };
  const { stdout } = await promisify(execFile)("bwrap", [
    ...["--dev-bind", "/", "/"],
    ...["--unshare-net", "--unshare-user", "--uid", "0", "--gid", "0"],
    ...["--cap-add", "CAP_NET_BIND_SERVICE", "--die-with-parent"],
    ...instead("resolv.conf", "nameserver 127.0.0.1\n"),
    ...instead("nsswitch.conf", "hosts: files dns\n"),
    ...["--", process.execPath, PROGRAM, home],
  ]);
  return JSON.parse(stdout) as Came;
}

test.runIf(HAS_WALLS)(
  "a name that leads to the open internet when it is looked at, and behind the walls when it is asked, leads nowhere",
  async () => {
    const { inside, outside, asked, steps } = await runApart();
    // Only what the test itself asked, which believes whatever names say.
    expect(inside).toEqual(["GET /control"]);
    const rebound = Object.entries(asked).filter(([name]) => name.endsWith(".rebind.test"));
    expect(Object.fromEntries(rebound)).toEqual({
      "fetched.rebind.test": 1,
      "redirected.rebind.test": 1,
      "redirected-twice.rebind.test": 1,
      "requested.rebind.test": 1,
      "posted.rebind.test": 1,
      "search.rebind.test": 1,
      "webhook.rebind.test": 1,
      "control.rebind.test": 2,
    });
    expect(steps).toHaveLength(14);
    expect(steps.filter((step) => !step.endsWith(" failed"))).toEqual(["http_request finished"]);
    // What leads on has been asked each time, a server of tools among it.
    for (const host of [
      "redirected",
      "request-redirected",
      "search",
      "webhook",
      "private",
      "mixed",
    ])
      expect(outside.some((line) => line.includes(`%2F${host}.`))).toBe(true);
    expect(outside).toContainEqual(expect.stringMatching(/^POST \/to\/.*private.*mcp/));
  },
  60_000,
);
