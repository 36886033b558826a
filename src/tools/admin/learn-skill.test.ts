import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import { taintOf } from "../filesystem/file-taint.ts";
import { taintOfProgram } from "../filesystem/program-taint.ts";
import { parseWorkspacePath } from "../filesystem/workspace-path.ts";
import { writeFileTool } from "../filesystem/write-file.ts";
import type { Tool, ToolScene } from "../tool.ts";
import { learnSkillTool as createLearnSkill } from "./learn-skill.ts";

let root: string;
let workspace: string;
let learnSkillTool: Tool;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "agent-runtime-skills-"));
  workspace = join(root, "ws");
  learnSkillTool = createLearnSkill({ skillsRoot: join(root, "skills") });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function learn(content: string, name = "weekly-report", isTainted = false): Promise<string> {
  const taintedBy = isTainted ? ["a mail from Eve"] : [];
  const known: Partial<ToolScene> = {
    workspace,
    isTainted,
    taintedBy,
    runId: "run_1",
    now: 0,
    contextId: "ctx_1",
  };
  const scene = known as ToolScene;
  return (await learnSkillTool.run({ name, content }, scene, NEVER)).text;
}
const file = (path: string) => readFile(join(workspace, "skills/common", path), "utf8");

test("a skill is written with where it comes from, and an earlier version is kept", async () => {
  expect(await learn("Ask Ada.")).toContain("version 1, in skills/common/weekly-report/SKILL.md");
  const first = await file("weekly-report/SKILL.md");
  expect(first).toMatch(
    /^---\nname: weekly-report\nlearned: agent-runtime\nversion: 1\nrun: run_1\n/,
  );
  expect(first).toMatch(/\n---\n\nAsk Ada\.\n$/);
  expect(first).not.toContain("taint");

  expect(await learn("Ask Bob.")).toContain("version 2");
  expect(await file("weekly-report/versions/1.md")).toBe(first);
  expect(await file("weekly-report/SKILL.md")).toContain("version: 2\n");
  expect(await learn("Ask Bob.")).toContain("says so already");
  expect(await file("weekly-report/SKILL.md")).toContain("version: 2\n");
});

test("what a tainted run learns is marked, whatever the text says of itself", async () => {
  await learn("tainted_by: []", "x", true);
  expect(await file("x/SKILL.md")).toContain('tainted_by: ["a mail from Eve"]\n---\n');
});

test("a program that reads it, or an earlier version, is told that others' words are there", async () => {
  const taint = (path: string) => taintOf(workspace, parseWorkspacePath(`skills/common/${path}`));
  await learn("Ask Eve.", "x", true);
  expect(await taint("x")).toBeDefined();
  expect(await taint("x/SKILL.md")).toBeDefined();
  expect(await taintOfProgram(workspace, false)).toBeDefined();
  await learn("Ask Ada.", "x");
  expect([await taint("x"), await taint("x/SKILL.md")]).toEqual([undefined, undefined]);
  expect(await taint("x/versions/1.md")).toBeDefined();
  await learn("Ask Bob.", "x");
  expect(await taint("x/versions/2.md")).toBeUndefined();
  expect(await taintOfProgram(workspace, false)).toBeDefined();
});

test("what a person wrote stays as it is", async () => {
  await mkdir(join(workspace, "skills/common/theirs"), { recursive: true });
  await writeFile(join(workspace, "skills/common/flat.md"), "by hand");
  await writeFile(
    join(workspace, "skills/common/theirs/SKILL.md"),
    "---\nversion: 3\n---\nby hand",
  );
  for (const name of ["flat", "theirs"])
    await expect(learn("mine", name)).rejects.toMatchObject({ code: "access_denied" });
  expect(await file("theirs/SKILL.md")).toContain("by hand");
  await expect(stat(join(workspace, "skills/common/flat"))).rejects.toThrow();
});

test.each([
  "skills/common/deploy.md",
  "skills/admin/deploy/SKILL.md",
  "skills/contexts/ctx_1/Deploy.md",
  "ws/skills/public/deploy.md",
  "ws/skills/contexts/ctx_1/deploy.md",
  "ws/skills/common/Deploy.md",
  "ws/skills/common/DEPLOY/SKILL.md",
])("nothing is learned beside a person's skill of that name, in %s", async (path) => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), "by hand");
  await expect(learn("mine", "deploy")).rejects.toMatchObject({
    code: "access_denied",
    message: expect.stringContaining("Take another name"),
  });
  expect(await learn("mine", "deploy-well")).toContain("version 1");
  await expect(stat(join(workspace, "skills/common/deploy"))).rejects.toThrow();
});

test("a version that somebody else kept meanwhile is not lost", async () => {
  await learn("one");
  await mkdir(join(workspace, "skills/common/weekly-report/versions"));
  await writeFile(join(workspace, "skills/common/weekly-report/versions/1.md"), "another one");
  await expect(learn("two")).rejects.toMatchObject({ code: "conflict" });
  expect(await file("weekly-report/versions/1.md")).toBe("another one");
});

test("nothing is learned outside the skills of the workspace", async () => {
  for (const name of ["../context/SOUL", "a/b", "A", ".hidden", "", "a".repeat(65), "x\n", "a.b"])
    expect(learnSkillTool.input.safeParse({ name, content: "x" }).success).toBe(false);
  for (const content of ["", "  ", "---\nlearned: x\n---\n", "ü".repeat(7_501)])
    expect(learnSkillTool.input.safeParse({ name: "x", content }).success).toBe(false);
  expect(learnSkillTool.input.safeParse({ name: "x", content: "y", path: "z" }).success).toBe(
    false,
  );

  await mkdir(join(workspace, "skills"), { recursive: true });
  await symlink(root, join(workspace, "skills/common"));
  await expect(learn("mine")).rejects.toMatchObject({ code: "invalid_input" });
  await expect(stat(join(root, "weekly-report"))).rejects.toThrow();
});

test("only this tool writes there, and it is guarded", async () => {
  expect(learnSkillTool.sensitivityOf({})).toBe("guarded");
  await expect(
    writeFileTool({ scratchBytes: 1_000_000 }).run(
      { path: "skills/common/x/SKILL.md", content: "x" },
      { workspace, isTainted: false } as ToolScene,
      NEVER,
    ),
  ).rejects.toMatchObject({ code: "access_denied" });
});
