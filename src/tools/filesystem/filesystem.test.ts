import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import type { Tool, ToolScene } from "../tool.ts";
import { editFileTool as createEditFile } from "./edit-file.ts";
import { listFilesTool } from "./list-files.ts";
import { readFileTool } from "./read-file.ts";
import { writeFileTool as createWriteFile } from "./write-file.ts";

const SCRATCH_BYTES = 100_000;
const editFileTool = createEditFile({ scratchBytes: SCRATCH_BYTES });
const writeFileTool = createWriteFile({ scratchBytes: SCRATCH_BYTES });
let outside: string;
let workspace: string;
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), "agent-runtime-tools-"));
  workspace = join(outside, "ws");
  await mkdir(join(workspace, "scratch"), { recursive: true });
  await writeFile(join(outside, "secret"), "nobody's business");
});
afterEach(() => rm(outside, { recursive: true, force: true }));

async function call(tool: Tool, input: unknown): Promise<string> {
  const scene = { workspace } as ToolScene;
  return (await tool.run(tool.input.parse(input), scene, NEVER)).text;
}
const write = (path: string, content = "x") => call(writeFileTool, { path, content });
const read = (path: string) => call(readFileTool, { path });

/** Every spelling by which a path has led out of a folder somewhere. */
const LEADS_OUT = [
  "../secret",
  "scratch/../../secret",
  "/etc/passwd",
  "~/x",
  "scratch\\..\\..\\secret",
  "C:/x",
  "scratch/\0/x",
  "scratch/a\nb",
  "scratch/\u202etxt.exe",
  `scratch/${"a".repeat(201)}`,
  "a/".repeat(300),
];

test("a workspace in which nobody has written yet is an empty folder", async () => {
  await rm(workspace, { recursive: true });
  for (const path of ["", ".", "./"])
    expect(await call(listFilesTool, { path })).toBe("The folder is empty.");
  await expect(call(listFilesTool, { path: "notes" })).rejects.toThrow("There is no folder notes.");
});

describe("a path", () => {
  test.each(LEADS_OUT)("%j is refused by every tool", async (path) => {
    for (const [tool, input] of [
      [readFileTool, { path }],
      [writeFileTool, { path, content: "x" }],
      [editFileTool, { path, old_text: "a", new_text: "b" }],
      [listFilesTool, { path }],
    ] as const)
      await expect(call(tool, input)).rejects.toMatchObject({ code: "invalid_input" });
  });

  test.each([
    "context/SOUL.md",
    "skills/x.md",
    "Memory/x.md",
    "tasks/x",
    "./logs/x",
    "ops//x",
    "ＯＰＳ/x",
    ".",
  ])("%j is not for tools to write, and nobody is asked whether it may be", async (path) => {
    const denied = expect.objectContaining({ code: "access_denied" });
    await expect(write(path)).rejects.toEqual(denied);
    for (const tool of [writeFileTool, editFileTool])
      expect(() => tool.sensitivityOf({ path })).toThrow(denied);
  });

  test("in scratch/ needs nobody's leave, elsewhere it is a write, however it is spelt", () => {
    const sensitivity = (path: string) => writeFileTool.sensitivityOf({ path, content: "" });
    expect(sensitivity("scratch/a.md")).toBe("read");
    expect(sensitivity("./scratch//a.md")).toBe("read");
    expect(sensitivity("scratch")).toBe("write");
    expect(sensitivity("Scratch/a.md")).toBe("write");
    expect(sensitivity("notes/scratch/a.md")).toBe("write");
    expect(() => sensitivity("scratch/../notes/a.md")).toThrow("leads out");
  });
});

describe("a link", () => {
  test("that leads out is followed by no tool, as a file or as a folder", async () => {
    await symlink(join(outside, "secret"), join(workspace, "scratch/file"));
    await symlink(outside, join(workspace, "scratch/folder"));
    for (const path of ["scratch/file", "scratch/folder/secret"]) {
      await expect(read(path)).rejects.toMatchObject({ code: "invalid_input" });
      await expect(
        call(editFileTool, { path, old_text: "nobody", new_text: "x" }),
      ).rejects.toMatchObject({ code: "invalid_input" });
    }
    await expect(write("scratch/folder/secret")).rejects.toMatchObject({ code: "invalid_input" });
    await expect(write("scratch/folder/new/deep")).rejects.toMatchObject({ code: "invalid_input" });
    await expect(call(listFilesTool, { path: "scratch/folder" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    expect(await readFile(join(outside, "secret"), "utf8")).toBe("nobody's business");
    expect(await readdir(outside)).toEqual(["secret", "ws"]);
  });

  test("in the place of a file is replaced, not written through", async () => {
    await symlink(join(outside, "secret"), join(workspace, "scratch/file"));
    await write("scratch/file", "ours");
    expect(await readFile(join(outside, "secret"), "utf8")).toBe("nobody's business");
    expect(await read("scratch/file")).toBe("ours");
  });

  test("to another place of the workspace is not followed either", async () => {
    await mkdir(join(workspace, "context"));
    await symlink("../context", join(workspace, "scratch/ctx"));
    await expect(write("scratch/ctx/SOUL.md")).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("the tools", () => {
  test("write, read, change and list", async () => {
    expect(await call(listFilesTool, {})).toBe('"scratch/"');
    expect(await write("notes/plan.md", "one two two")).toBe("Wrote 11 bytes to notes/plan.md.");
    expect(await read("notes/plan.md")).toBe("one two two");
    await expect(
      call(editFileTool, { path: "notes/plan.md", old_text: "two", new_text: "3" }),
    ).rejects.toThrow("2 times");
    await call(editFileTool, { path: "notes/plan.md", old_text: "one two", new_text: "$& $1" });
    expect(await read("notes/plan.md")).toBe("$& $1 two");
    expect(await call(listFilesTool, { path: "notes" })).toBe('"plan.md" 9 bytes');
    await expect(read("notes/none.md")).rejects.toMatchObject({ code: "not_found" });
    await expect(read("notes")).rejects.toMatchObject({ code: "invalid_input" });
  });

  test("remember of what a tainted run wrote that others' words may be in it", async () => {
    const run = (tool: Tool, input: unknown, isTainted: boolean) =>
      tool.run(tool.input.parse(input), { workspace, isTainted } as ToolScene, NEVER);
    const taint = async (tool: Tool, input: unknown) => (await run(tool, input, false)).taintedBy;
    await run(writeFileTool, { path: "./scratch/do as I say/a.md", content: "one" }, true);
    const path = "scratch/do as I say/a.md";
    expect(await taint(readFileTool, { path })).toMatch(/a\.md, written after reading/);
    expect(await taint(listFilesTool, { path: "scratch" })).toMatch(
      /names of the files in scratch/,
    );

    await run(editFileTool, { path, old_text: "one", new_text: "two" }, false);
    expect(await taint(readFileTool, { path })).toBeDefined();
    await run(writeFileTool, { path, content: "ours" }, false);
    expect(await taint(readFileTool, { path })).toBeUndefined();
    await run(editFileTool, { path, old_text: "ours", new_text: "theirs" }, true);
    expect(await taint(readFileTool, { path })).toBeDefined();
    await expect(
      run(editFileTool, { path: "ops/x", old_text: "a", new_text: "b" }, false),
    ).rejects.toThrow();
    await expect(run(writeFileTool, { path: "ops/tainted/x", content: "" }, false)).rejects.toThrow(
      "not for tools",
    );
  });

  test("say that what came from outside is somebody else's words", async () => {
    await mkdir(join(workspace, "inbox"));
    await writeFile(join(workspace, "inbox/mail.md"), "do as I say");
    const scene = { workspace } as ToolScene;
    const result = await readFileTool.run({ path: "./inbox/mail.md" }, scene, NEVER);
    expect(result.taintedBy).toBe("the file inbox/mail.md");
    const listed = await listFilesTool.run({ path: "inbox" }, scene, NEVER);
    expect(listed.taintedBy).toBe("the names of the files in inbox");
    expect((await listFilesTool.run({ path: "" }, scene, NEVER)).taintedBy).toBeUndefined();
  });

  test("are held up by no pipe, and read no device, no bytes and nothing huge", async () => {
    execFileSync("mkfifo", [join(workspace, "scratch/pipe")]);
    await expect(read("scratch/pipe")).rejects.toMatchObject({ code: "invalid_input" });
    await writeFile(join(workspace, "scratch/bytes"), Buffer.from([1, 0, 2]));
    await expect(read("scratch/bytes")).rejects.toThrow("no text file");
    const folder = "is a folder. list_files shows what is in it.";
    await expect(read(".")).rejects.toThrow(`The workspace itself ${folder}`);
    for (const use of [read, write])
      await expect(use("scratch/")).rejects.toThrow(`scratch ${folder}`);
    await writeFile(join(workspace, "scratch/huge"), "x".repeat(1_000_001));
    await expect(read("scratch/huge")).rejects.toMatchObject({ code: "too_large" });
    await chmod(join(workspace, "scratch/huge"), 0o600);
  });
});

test("a folder of more files than are listed says how the others are seen", async () => {
  await Promise.all(
    Array.from({ length: 502 }, (_, n) => writeFile(join(workspace, `scratch/${n}`), "")),
  );
  const lines = (await call(listFilesTool, { path: "scratch" })).split("\n");
  expect(lines).toHaveLength(501);
  expect(lines.at(-1)).toBe("… and 2 more, which run_command shows with ls");
});

test("a file in the place of a folder is named, and is no link", async () => {
  await write("notes/a.md");
  const words = "notes/a.md is a file and no folder.";
  for (const path of ["notes/a.md/b.md", "notes/a.md/b/c.md"])
    await expect(write(path)).rejects.toThrow(words);
  expect(await read("notes/a.md")).toBe("x");
});

test("a file that is not UTF-8 is shown as far as it goes, and not changed", async () => {
  const bytes = Buffer.from("Gr\xfc\xdfe", "latin1");
  await writeFile(join(workspace, "scratch/old.txt"), bytes);
  expect(await read("scratch/old.txt")).toBe(
    "(It is not UTF-8: letters that cannot be read are \ufffd.)\nGr\ufffd\ufffde",
  );
  const edit = { path: "scratch/old.txt", old_text: "Gr", new_text: "gr" };
  await expect(call(editFileTool, edit)).rejects.toThrow("scratch/old.txt is not UTF-8");
  expect(await readFile(join(workspace, "scratch/old.txt"))).toEqual(bytes);
});

describe("scratch/", () => {
  const half = "x".repeat(SCRATCH_BYTES / 2 - 4_096);
  const full = {
    code: "too_large",
    message: expect.stringContaining("scratch/ is full: it may hold 98 KB"),
  };

  test("takes no more than it may hold, empty files included, and the rest of the workspace goes on", async () => {
    await write("scratch/a.md", half);
    await write("scratch/b/c.md", half);
    await expect(write("scratch/d.md", half)).rejects.toMatchObject(full);
    await expect(write("scratch/./b/../d.md")).rejects.toMatchObject({ code: "invalid_input" });
    await expect(
      call(editFileTool, { path: "scratch/a.md", old_text: half, new_text: half + half }),
    ).rejects.toMatchObject(full);
    await write("notes/d.md", half);
    for (let count = 0; count < 10; count += 1) await write(`scratch/${count}`, "").catch(() => 0);
    expect((await readdir(join(workspace, "scratch"))).length).toBeLessThan(8);
  });

  test("has room again once a file there was written with less in it", async () => {
    await write("scratch/a.md", half);
    await write("scratch/b.md", half);
    await write("scratch/a.md", "less");
    await write("scratch/c.md", half.slice(0, 20_000));
  });
});
