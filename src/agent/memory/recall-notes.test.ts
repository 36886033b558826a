import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFileReports } from "../prompt/file-reports.ts";
import { recallNotes } from "./recall-notes.ts";

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "agent-runtime-notes-"));
  mkdirSync(join(workspace, "memory"));
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

const recall = () =>
  recallNotes({ workspace, contextId: "ctx_1" }, createFileReports({ write: () => undefined }));
const note = (text: string) => writeFileSync(join(workspace, "memory/workspace.md"), text);

test("of many notes the newest are told in whole lines, and where the older ones are", async () => {
  const lines = Array.from({ length: 400 }, (_, n) => `- note ${n} 😀 about the gate`);
  note(lines.join("\n"));
  const [told, ...more] = await recall();
  expect(more).toEqual([]);
  const [said, ...kept] = told?.text.split("\n") ?? [];
  expect(said).toBe("(Older notes are left out; read_file shows memory/workspace.md.)");
  expect(kept.length).toBeGreaterThan(50);
  expect(kept).toEqual(lines.slice(-kept.length));
  expect(kept.join("\n").length).toBeLessThanOrEqual(4_000);
});

test("a few notes are told whole, as a person left them", async () => {
  note("- the key is under the pot\n");
  expect(await recall()).toMatchObject([{ text: "- the key is under the pot", taintedBy: [] }]);
});
