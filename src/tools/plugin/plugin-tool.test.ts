import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NEVER } from "../../core/abort.ts";
import { systemClock } from "../../core/clock.ts";
import { createCallTimes } from "../../core/run/call-times.ts";
import { runTool } from "../run-tool.ts";
import type { ToolScene } from "../tool.ts";
import { createToolbox } from "../toolbox.ts";
import { pluginTool } from "./plugin-tool.ts";
import { readPlugins } from "./read-plugins.ts";

let root: string;
let workspace: string;
let scratch: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "agent-runtime-plugins-"));
  workspace = join(root, "workspaces", "ws_1");
  scratch = join(workspace, "scratch");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const MANIFEST = {
  name: "greet",
  description: "Greets somebody.",
  arguments: { type: "object", properties: { who: { type: "string" } }, required: ["who"] },
  command: ["./run.sh"],
};
/** A plugin with a script of its own. */
function plant(script: string, more: object = {}, folder = "greet"): string {
  const own = join(root, "plugins", folder);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, "plugin.json"), JSON.stringify({ ...MANIFEST, ...more }));
  writeFileSync(join(own, "run.sh"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(own, "run.sh"), 0o755);
  return own;
}
const readAll = () =>
  readPlugins({
    directory: join(root, "plugins"),
    workspaceRoot: join(root, "workspaces"),
    findVariable: (name) => (name === "GREETING" ? "hello-from-env" : undefined),
  });
function only() {
  const { plugins, problems } = readAll();
  expect(problems).toEqual([]);
  const [plugin] = plugins;
  if (plugin === undefined) throw new Error("no plugin");
  return pluginTool(systemClock, plugin);
}
const call = (input: object = { who: "Ann" }, signal = NEVER) =>
  runTool(
    { clock: systemClock, log: { write: () => undefined }, callTimes: createCallTimes() },
    only(),
    input,
    { runId: "run_1", contextId: "ctx_1", workspaceId: "ws_1", workspace } as ToolScene,
    signal,
  );

describe("a plugin", () => {
  test("is given JSON in the scratch/ of the workspace, and its text goes to the model as somebody else's", async () => {
    plant('in=$(cat); printf \'{"text":"%s"}\' "$(pwd) $(printf %s "$in" | tr -d \'"\')"');
    expect(await call()).toEqual({
      state: "finished",
      text: `${scratch} {version:v1,arguments:{who:Ann},run_id:run_1,context_id:ctx_1,workspace_id:ws_1}`,
      taintedBy: "the plugin greet",
    });
  });

  test("is outward unless the operator says otherwise, and is offered with its schema", () => {
    plant("true");
    expect(only()).toMatchObject({ name: "plugin_greet", class: "plugin", effect: "send" });
    expect(only().sensitivityOf({})).toBe("outward");
    expect(createToolbox([only()]).offered[0]?.inputSchema).toEqual(MANIFEST.arguments);
    expect(only().input.safeParse({}).success).toBe(false);
    plant("true", { effect: "read", sensitivity: "read" });
    expect([only().effect, only().sensitivityOf({})]).toEqual(["read", "read"]);
  });

  test("has no environment but what its manifest declares", async () => {
    vi.stubEnv("AGENT_RUNTIME_ADMIN_TOKEN", "ours-and-secret");
    plant('printf \'{"text":"%s"}\' "$(env | cut -d= -f1 | sort | tr "\\n" " ")$SAID"', {
      env: { SAID: "$" + "{GREETING}" },
    });
    const { text } = await call();
    vi.unstubAllEnvs();
    expect(text).toMatch(
      /^(?:OLDPWD |PATH |PWD |SAID |SHLVL |STARTED_BY_AGENT_RUNTIME |_ )+hello-from-env$/,
    );
  });

  test.each([
    ["exit 3", "ended with exit code 3"],
    ["echo broken >&2; exit 1", "ended with exit code 1.\nbroken"],
    ['printf \'{"error":"no such person"}\'', "says that it failed.\nno such person"],
    ["printf '{\"other\":1}'", "gave no text"],
    ["echo Hello", "gave no JSON"],
  ])("that does %s has failed, and its words taint", async (script, why) => {
    plant(script);
    expect(await call()).toEqual({
      state: "failed",
      text: expect.stringContaining(`The plugin greet ${why}`),
      taintedBy: "the plugin greet",
      isFailure: true,
    });
  });

  test.each([
    ["kill -9 $$", "was killed by SIGKILL"],
    ["yes | head -c 2000000", "was ended because it wrote more than 1000000 bytes"],
  ])("that does %s may have done what it was called for", async (script, why) => {
    plant(script);
    const { state, text, isInDoubt } = await call();
    expect({ state, isInDoubt }).toEqual({ state: "failed", isInDoubt: true });
    expect(text).toContain(`The plugin greet ${why}.`);
    expect(text).toMatch(/not known: do not simply repeat it\.$/);
  });

  test("whose words are no JSON is quoted whole, so that no half of a secret slips through", async () => {
    plant("echo s3cr3t-0123456789");
    expect((await call()).text).toBe("The plugin greet gave no JSON.\ns3cr3t-0123456789");
  });

  test("whose last words are cut leaves no half of a secret in them", async () => {
    plant("echo s3cr3t-0123456789 >&2; yes words | head -c 1992 >&2; exit 1");
    const { text } = await call();
    expect(text).toContain("words\nwords");
    expect(text).not.toContain("789");
  });

  test("has secrets in its environment by their names, or where the environment names them", () => {
    plant("true", { env: { MODE: "production", TOKEN: "t-literal", SAID: "$" + "{GREETING}" } });
    expect(readAll().secrets).toEqual(["hello-from-env", "t-literal"]);
  });

  test("that is exchanged right before it is started is not", async () => {
    plant('touch one; printf \'{"text":"one"}\'');
    const called = call();
    plant('touch two; printf \'{"text":"two"}\'');
    expect(await called).toEqual({
      state: "failed",
      text: "The plugin greet has changed meanwhile. It was not run.",
    });
    expect([existsSync(join(scratch, "one")), existsSync(join(scratch, "two"))]).toEqual([
      false,
      false,
    ]);
  });

  test("is ended with all that it started, at its time limit and when it is stopped", async () => {
    const script = "(sleep 2; touch late) & echo $$ > pid; wait; sleep 600";
    plant(script, { timeout_seconds: 1 });
    expect(await call()).toEqual({
      state: "failed",
      isInDoubt: true,
      text: "The plugin greet was ended after 1 s. Whether it was done all the same is not known: do not simply repeat it.",
    });
    plant(script, { timeout_seconds: 60 });
    rmSync(join(scratch, "pid"), { force: true });
    const stop = new AbortController();
    const asked = call({ who: "Ann" }, stop.signal);
    await vi.waitFor(() => expect(readFileSync(join(scratch, "pid"), "utf8")).not.toBe(""), 30_000);
    stop.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
    const pid = readFileSync(join(scratch, "pid"), "utf8").trim();
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), 30_000);
    expect(existsSync(join(scratch, "late"))).toBe(false);
  });
});

describe("a broken plugin is left out by itself, and it is said why:", () => {
  const problemOf = () => {
    const { plugins, problems } = readAll();
    expect(plugins.map(({ name }) => name)).toEqual(["well"]);
    expect(problems).toHaveLength(1);
    return problems[0];
  };
  beforeEach(() => {
    plant("true", { name: "well" }, "well");
  });

  test.each([
    [{ command: ["../well/run.sh"] }, "Its command leads out of its folder."],
    [{ command: ["./none.sh"] }, "ENOENT"],
    [{ command: [] }, "command"],
    [{ name: "other" }, "Its folder must be called other as well."],
    [{ name: "Gr eet" }, "name: "],
    [{ arguments: { type: "string" } }, "arguments.type: "],
    [{ sensitivity: "none" }, "sensitivity: "],
    [{ env: { A: "$" + "{NOWHERE}" } }, "NOWHERE must be set"],
    [{ enviroment: {} }, "enviroment"],
  ])("%j", (more, why) => {
    plant("true", more);
    expect(problemOf()).toContain(why);
    expect(problemOf()).toContain(join(root, "plugins", "greet", "plugin.json"));
  });

  test("what is no JSON, and is quoted nowhere", () => {
    const own = plant("true");
    writeFileSync(join(own, "plugin.json"), '{"env": {"KEY": s3cr3t-0123456789}}');
    expect(problemOf()).toContain("It is no JSON.");
    expect(problemOf()).not.toContain("s3cr3t");
  });

  test("a program that a link leads to, or that the agent could write", () => {
    const own = plant("true");
    rmSync(join(own, "run.sh"));
    symlinkSync("/bin/true", join(own, "run.sh"));
    expect(problemOf()).toContain("leads out of its folder");
    mkdirSync(workspace, { recursive: true });
    writeFileSync(join(workspace, "evil.sh"), "#!/bin/sh\n", { mode: 0o755 });
    plant("true", { command: [join(workspace, "evil.sh")] });
    expect(problemOf()).toContain("It lies in a workspace");
  });

  test("a folder of a workspace that is linked in", () => {
    const inside = join(workspace, "greet");
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, "plugin.json"), JSON.stringify(MANIFEST));
    symlinkSync(inside, join(root, "plugins", "greet"));
    expect(problemOf()).toContain("It lies in a workspace");
  });
});
