import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** Runs the entry while the process claims to be that version. */
function runAs(version: string): { status: number | null; stdout: string; stderr: string } {
  const claim = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  return spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${claim}`, main, "version"],
    {
      encoding: "utf8",
    },
  );
}

it.each(["18.20.4", "20.20.2", "23.11.1"])(
  "refuses Node %s with one sentence and exit 1",
  (version) => {
    const { status, stdout, stderr } = runAs(version);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      `agent-runtime needs Node 24 or newer, this is ${version}. In a checkout, 'make run' brings its own.\n`,
    );
  },
);

it("runs on a newer Node", () => {
  expect(runAs("26.1.0")).toMatchObject({ status: 0, stderr: "" });
});
