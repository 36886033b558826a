import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, isStepCount, jsonSchema, tool } from "ai";

/** The simplest agent that gives the same answer: the AI SDK runs the tool, and nothing is kept. */
const [baseURL = "", steps = "0"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "bench-agent-"));
const model = createOpenAI({ baseURL, apiKey: "none" }).chat("gpt-6-sol");
const tools = {
  list_files: tool({
    description: "Lists a folder of the workspace.",
    inputSchema: jsonSchema<{ path?: string }>({
      type: "object",
      properties: { path: { type: "string" } },
    }),
    execute: async () => (await readdir(folder)).join("\n") || "The folder is empty.",
  }),
};

process.on("message", async ({ text }: { text: string }) => {
  const answer = await generateText({
    model,
    instructions: "Answer in Markdown, briefly and truthfully.",
    prompt: text,
    tools,
    maxRetries: 0,
    stopWhen: isStepCount(Number(steps)),
  });
  process.send?.({ text: answer.text, steps: answer.steps.length });
});
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("SIGTERM", () => process.exit());
process.send?.({});
