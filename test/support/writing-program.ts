import { NEVER } from "../../src/core/abort.ts";
import { writeFileTool } from "../../src/tools/filesystem/write-file.ts";
import type { ToolScene } from "../../src/tools/tool.ts";

// A process of its own that writes files of a workspace, as the tool does, whenever its parent says so.
const tool = writeFileTool({ scratchBytes: 1_000_000 });

process.on("message", async (told: { path: string; content: string } & ToolScene) => {
  const { path, content, ...scene } = told;
  await tool.run({ path, content }, scene, NEVER);
  process.send?.("done");
});
