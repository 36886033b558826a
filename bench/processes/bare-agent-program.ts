import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOpenAI } from "@ai-sdk/openai";
import { isStepCount, jsonSchema, streamText, tool } from "ai";
import Database from "better-sqlite3";

/**
 * The simplest agent that gives the same answer: the AI SDK runs the tool, and nothing is kept. Given a file, it keeps
 * every request before it goes out, and every answer before anything is done with it.
 */
const [baseURL = "", steps = "0", file] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "bench-agent-"));
const openai = createOpenAI({
  baseURL,
  apiKey: "none",
  fetch: file === undefined ? fetch : keepCalls(file),
});
const model = openai.chat("gpt-6-sol");
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
  const answer = streamText({
    model,
    instructions: "Answer in Markdown, briefly and truthfully.",
    prompt: text,
    tools,
    maxRetries: 0,
    stopWhen: isStepCount(Number(steps)),
  });
  process.send?.({ text: await answer.text, steps: (await answer.steps).length });
});
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("SIGTERM", () => process.exit());
process.send?.({});

/** Each row is synced to the disk, as the runtime's commits are. */
function keepCalls(journal: string): typeof fetch {
  const database = new Database(journal);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("create table calls (text text not null)");
  const insert = database.prepare("insert into calls values (?)");
  return async (input, init) => {
    insert.run(String(init?.body));
    const response = await fetch(input, init);
    const text = await response.text();
    insert.run(text);
    return new Response(text, response);
  };
}
