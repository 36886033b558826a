import { mkdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { attend } from "./attend.ts";
import { GUARDS, startProcessGroup } from "./process-group.ts";
import type { Sandbox, SandboxCommand, SandboxLimits } from "./sandbox.ts";

const INSIDE = "/workspace";
const SEEN = "/usr/";
/** Bubblewrap, outside, and the first process inside, which is bubblewrap as well. */
const OURS = GUARDS + 2;
/** Where Debian and its kin keep programs and libraries. */
const SYSTEM = [
  ["--ro-bind", "/usr", "/usr"],
  ["--symlink", "usr/bin", "/bin"],
  ["--symlink", "usr/sbin", "/sbin"],
  ["--symlink", "usr/lib", "/lib"],
  ["--symlink", "usr/lib64", "/lib64"],
  ["--ro-bind-try", "/etc/alternatives", "/etc/alternatives"],
  ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"],
].flat();

export interface BubblewrapOptions {
  readonly program?: string;
  /** Folders and files of the runtime itself, which are seen nowhere inside, wherever they lie. */
  readonly hidden?: readonly string[];
}

/**
 * Linux namespaces by bubblewrap: no network, no other processes, the system read-only, nothing of this machine's users,
 * an empty environment. The end of bubblewrap ends everything inside; as its group is in a session of its own already, it
 * needs none that a signal to the group would not reach.
 */
export function createBubblewrap({
  program = "bwrap",
  hidden = [],
}: BubblewrapOptions = {}): Sandbox {
  return {
    isWalled: true,
    async run(command, signal) {
      signal.throwIfAborted();
      await mkdir(command.workspace, { recursive: true, mode: 0o700 });
      const workspace = await realpath(command.workspace);
      await mkdir(join(workspace, "scratch"), { recursive: true, mode: 0o700 });
      const group = startProcessGroup({
        argv: [
          "prlimit",
          ...limitsOf(command),
          ...["--", program, ...wallsOf(workspace, await coversOf(hidden), command.limits)],
          // Inside, where only what runs there is counted; a little more, as the watch tells which limit it was.
          ...["--", "prlimit", `--nproc=${command.limits.processes * 2 + OURS}`],
          ...["--", ...command.argv],
        ],
        cwd: workspace,
        env: { PATH: "/usr/bin:/bin" },
        leavesNothing: true,
      });
      return await attend(group, command, OURS, signal);
    },
  };
}

function limitsOf({ limits }: SandboxCommand): string[] {
  return [
    `--as=${limits.memoryBytes}`,
    `--fsize=${limits.fileBytes}`,
    `--cpu=${Math.ceil(limits.timeMs / 1_000) + 1}`,
    "--core=0",
    "--nofile=256",
  ];
}

/** What of the hidden lies where the system is seen, as where a runtime is installed below `/usr`. */
async function coversOf(hidden: readonly string[]): Promise<string[]> {
  const paths = await Promise.all(hidden.map((path) => realpath(path).catch(() => "")));
  const seen = [...new Set(paths)].filter((path) => path.startsWith(SEEN));
  // What lies in a covered folder is covered, and nothing can be put over it there.
  const outermost = seen.filter((path) => !seen.some((other) => path.startsWith(`${other}/`)));
  return (await Promise.all(outermost.map(coverOf))).flat();
}

async function coverOf(real: string): Promise<string[]> {
  const isFolder = (await stat(real)).isDirectory();
  return isFolder ? ["--tmpfs", real, "--remount-ro", real] : ["--ro-bind", "/dev/null", real];
}

function wallsOf(
  workspace: string,
  covers: readonly string[],
  { memoryBytes }: SandboxLimits,
): string[] {
  return [
    "--unshare-all",
    "--unshare-user",
    ...["--uid", "65534", "--gid", "65534"],
    "--die-with-parent",
    ...["--cap-drop", "ALL"],
    "--clearenv",
    ...["--setenv", "PATH", "/usr/bin:/bin"],
    ...["--setenv", "HOME", "/tmp"],
    ...["--setenv", "LANG", "C.UTF-8"],
    ...SYSTEM,
    ...covers,
    ...["--proc", "/proc"],
    // Where the runtime is root, the kernel's settings would open for it in here as well.
    ...["--ro-bind", "/proc/sys", "/proc/sys"],
    ...["--dev", "/dev"],
    // It is memory that no process is counted for.
    ...["--size", `${memoryBytes}`, "--tmpfs", "/tmp"],
    ...["--ro-bind", workspace, INSIDE],
    ...["--bind", join(workspace, "scratch"), `${INSIDE}/scratch`],
    ...["--remount-ro", "/"],
    ...["--remount-ro", "/dev"],
    ...["--chdir", INSIDE],
    ...["--hostname", "sandbox"],
  ];
}
