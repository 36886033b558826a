import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replaceFile } from "../tools/filesystem/replace-file.ts";
import { taskFilePath } from "./task-file.ts";

test("a task is filed by the UTC date it was finished", () => {
  const finished_at_ms = Date.UTC(2026, 11, 31, 23, 59, 59);
  expect(taskFilePath({ id: "task_a", finished_at_ms })).toBe("tasks/2026/12/31/task_a.md");
});

test.each(["../../etc/passwd", "a/b", "", "a\0b", "."])("the id %j names no file", (id) => {
  expect(() => taskFilePath({ id, finished_at_ms: 0 })).toThrow("cannot name a file");
});

test("a file is replaced as a whole, for its owner only, and leaves nothing beside it", async () => {
  const directory = await mkdtemp(join(tmpdir(), "agent-runtime-file-"));
  try {
    const path = join(directory, "a", "b", "c.md");
    await replaceFile(path, "first, and rather long");
    await replaceFile(path, "second");
    expect(await readFile(path, "utf8")).toBe("second");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, "a"))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(directory, "a", "b"))).toEqual(["c.md"]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
