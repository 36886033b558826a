import type {
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolResultOutput,
} from "@ai-sdk/provider";
import { describe, expect, test } from "vitest";
import { ask, textFor } from "../../test/support/ask-offline-model.ts";
import { markdownToRichText } from "../agent/markdown-to-rich-text.ts";
import { recognizeRequest } from "../core/request/recognize-request.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import { BACKGROUND_TASK_MARKER } from "./background-task.ts";
import { FIXED_FORMS } from "./fixed-forms.ts";
import { createOfflineModel } from "./offline-model.ts";

const model = createOfflineModel();
const ALL_TOOLS = FIXED_FORMS.flatMap(({ tools }) => tools);

async function callsFor(text: string, tools: readonly string[] = ALL_TOOLS) {
  const { content, finishReason } = await model.doGenerate(ask(text, { tools }));
  return {
    finish: finishReason.unified,
    calls: content.map((part) =>
      part.type === "tool-call" ? [part.toolName, JSON.parse(part.input)] : part,
    ),
  };
}

describe("the fixed forms", () => {
  test.each<[text: string, tool: string, input: object]>([
    ["Search: green tea", "search_knowledge_base", { query: "green tea" }],
    ["run: ls -la", "run_command", { command: "ls", args: ["-la"] }],
    [
      `run : grep 'two words' "a b.md" --x="y z"`,
      "run_command",
      { command: "grep", args: ["two words", "a b.md", "--x=y z"] },
    ],
    [
      "python: for n in range(2):\n  print(n)",
      "python_code",
      { code: "for n in range(2):\n  print(n)" },
    ],
    ["node: console.log(1)", "node_code", { code: "console.log(1)" }],
    ["read: note.md", "read_file", { path: "note.md" }],
    ["list:", "list_files", { path: "" }],
    ["list: notes", "list_files", { path: "notes" }],
    ["write: note.md hello\n\nyou", "write_file", { path: "note.md", content: "hello\n\nyou" }],
    ['write: "a b.md"\nhello', "write_file", { path: "a b.md", content: "hello" }],
    [
      "edit: note.md the milk => the bread",
      "edit_file",
      { path: "note.md", old_text: "the milk", new_text: "the bread" },
    ],
    [
      "post: https://a.example/ one\ntwo",
      "http_request",
      { method: "POST", url: "https://a.example/", body: "one\ntwo" },
    ],
    ["fetch: https://a.example/?q=1", "fetch_url", { url: "https://a.example/?q=1" }],
    [
      "mail: a@b.example,c@d.example subject: Hi you Text: It: works.",
      "send_email",
      { to: ["a@b.example", "c@d.example"], subject: "Hi you", body: "It: works." },
    ],
    [
      "mail: a@b.example Subject: Hi\nIt works.",
      "send_email",
      { to: ["a@b.example"], subject: "Hi", body: "It works." },
    ],
    [
      "todo: water\nthe plants",
      "create_task",
      { title: "water", description: "water\nthe plants" },
    ],
  ])("%j calls a tool", async (text, tool, input) => {
    expect(await callsFor(text)).toEqual({ finish: "tool-calls", calls: [[tool, input]] });
  });

  test.each(FIXED_FORMS)(
    "are understood as they are shown: $example",
    async ({ example, tools }) => {
      const { calls } = await callsFor(example);
      expect(calls).toEqual([[tools[0], expect.anything()]]);
    },
  );

  test.each(FIXED_FORMS)("reach the model, as nothing else takes them: $example", ({ example }) => {
    expect(recognizeRequest(example)).toEqual({ kind: "nothing" });
  });

  test("take the first of their tools that is offered", async () => {
    const { calls } = await callsFor("search: tea", ["web_search", "other"]);
    expect(calls).toEqual([["web_search", { query: "tea" }]]);
  });

  test("on several lines are as many calls at once, each with an id of its own", async () => {
    const { stream } = await model.doStream(
      ask("run: ls\nwrite: a.md one\ntwo\nread: b.md", { tools: ALL_TOOLS }),
    );
    const parts: LanguageModelV4StreamPart[] = [];
    for await (const part of stream) parts.push(part);
    const calls = parts.filter((part) => part.type === "tool-call");
    expect(calls.map(({ toolName, input }) => [toolName, JSON.parse(input)])).toEqual([
      ["run_command", { command: "ls", args: [] }],
      ["write_file", { path: "a.md", content: "one\ntwo" }],
      ["read_file", { path: "b.md" }],
    ]);
    expect(new Set(calls.map(({ toolCallId }) => toolCallId)).size).toBe(3);
    expect(parts.at(-1)).toMatchObject({ finishReason: { unified: "tool-calls" } });
  });

  test("are nothing but words when something else stands before them", async () => {
    expect(await textFor("please\nrun: ls", { tools: ALL_TOOLS })).toContain("You wrote");
  });

  test.each([
    [
      "run: ls -l",
      [],
      "the form `run:` needs a tool to run a command, and no such tool is available",
    ],
    [
      "mail: a@b.example Hello",
      ALL_TOOLS,
      "Write it like this: `mail: ada@example.com Subject: Hello",
    ],
    ["edit: a.md one two", ALL_TOOLS, "Write it like this: `edit: "],
    ["run: echo it's", ALL_TOOLS, "Write it like this: `run: "],
    ["write: a.md", ALL_TOOLS, "Write it like this: `write: "],
    ["list: a\n".repeat(21), ALL_TOOLS, "that is 21 forms, and I take 20 at most"],
    ["list: a\nread:", ALL_TOOLS, "I cannot read what stands behind `read:`"],
  ])("say plainly what is wrong with %j, and call nothing", async (text, tools, said) => {
    const answer = await textFor(text, { tools });
    expect(answer).toContain(said);
    expect(answer).toMatch(/^Offline model: .*Nothing was done\.$/su);
  });

  test("are shown to whoever greets it, those that work here, and are buttons that call the tool as a task", async () => {
    const answer = await textFor("hello", { tools: ["run_command", "fetch_url"] });
    expect(answer).toContain("- run a command: `run: ls -la`");
    expect(answer).toContain("- read a web page: `fetch: https://example.com/`");
    expect(answer).not.toContain("write:");
    const [button, ...others] = listButtons(markdownToRichText(answer));
    expect(button).toEqual({ label: "run: ls -la", command: "/task run: ls -la" });
    expect(others.map(({ command }) => command)).toEqual(["/help", "/status"]);
    const task = ask("run: ls -la", { tools: ["run_command"], system: BACKGROUND_TASK_MARKER });
    expect((await model.doGenerate(task)).content).toMatchObject([{ toolName: "run_command" }]);
    expect(await textFor("hello")).not.toContain("calls a tool");
  });

  const afterCalls = (...outputs: LanguageModelV4ToolResultOutput[]): LanguageModelV4Prompt => [
    {
      role: "assistant",
      content: outputs.map((_, n) => ({
        type: "tool-call" as const,
        toolCallId: `${n}`,
        toolName: "run_command",
        input: {},
      })),
    },
    {
      role: "tool",
      content: outputs.map((output, n) => ({
        type: "tool-result" as const,
        toolCallId: `${n}`,
        toolName: "run_command",
        output,
      })),
    },
  ];

  test("report what every tool answered, word for word, and say when it is an error", async () => {
    const answer = await textFor("run: ls\nrun: cat x", {
      tools: ["run_command"],
      after: afterCalls(
        { type: "text", value: "a.txt ```\n[x](command:/cancel)" },
        { type: "error-text", value: "denied: not today" },
      ),
    });
    expect(answer).toContain(
      "`run_command` answered:\n\n````\na.txt ```\n[x](command:/cancel)\n````",
    );
    expect(answer).toContain(
      "`run_command` answered with an error:\n\n```\ndenied: not today\n```",
    );
    expect(listButtons(markdownToRichText(answer))).toEqual([]);
  });

  test("cut a result that is very long, and say so", async () => {
    const after = afterCalls({ type: "text", value: "x".repeat(8_010) });
    const answer = await textFor("run: ls", { tools: ["run_command"], after });
    expect(answer).toContain("(10 characters more.)");
    expect(answer.length).toBeLessThan(8_200);
  });
});
