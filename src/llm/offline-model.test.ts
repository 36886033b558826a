import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, textFor } from "../../test/support/ask-offline-model.ts";
import { markdownToRichText } from "../agent/markdown-to-rich-text.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import { toPlainText } from "../core/rich-text/to-plain-text.ts";
import { routedPrompt } from "../core/triage/routed-task.ts";
import { routingOf } from "../core/triage/routing.ts";
import { BACKGROUND_TASK_MARKER } from "./background-task.ts";
import { createOfflineModel } from "./offline-model.ts";

const model = createOfflineModel();

async function streamedFor(text: string): Promise<string[]> {
  const { stream } = await model.doStream(ask(text));
  const deltas: string[] = [];
  for await (const part of stream) if (part.type === "text-delta") deltas.push(part.delta);
  return deltas;
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom("\ud800", "\udfff", "(", "]", "`", ":", " ", "\n", "a", "%"),
    maxLength: 60,
  }),
  fc
    .tuple(
      fc.constantFrom("run:", "create a task", "please stop", "search :", "/task", "explain"),
      fc.string(),
    )
    .map((pair) => pair.join(" ")),
);

describe("the offline model", () => {
  test("answers any text, with or without a task around it, the same way twice", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, fc.boolean(), async (text, isTask) => {
        const options = isTask ? { system: `x\n\n${BACKGROUND_TASK_MARKER} y` } : {};
        const answer = await textFor(text, options);
        expect(answer.trim()).not.toBe("");
        expect(await textFor(text, options)).toBe(answer);
        if (isTask) expect(answer).toMatch(/^Offline model: /);
      }),
    );
  });

  test("streams exactly what it generates, in a few pieces", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const deltas = await streamedFor(text);
        expect(deltas.join("")).toBe(await textFor(text));
        expect(deltas.length).toBeLessThanOrEqual(4);
      }),
    );
    expect((await streamedFor("hello")).length).toBeGreaterThan(1);
  });

  test("a button asks for exactly what was written, whatever that was", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.stringMatching(/^[a-z][\w ()[\]'"*`!&%#.,<>|~-]{0,80}[a-z]$/u),
        async (text) => {
          const answer = await textFor(`create a task: ${text}`);
          expect(listButtons(markdownToRichText(answer))).toEqual([
            { label: "Create the task", command: `/task ${text}` },
          ]);
        },
      ),
    );
  });

  test("a request for a command is answered with the command itself and its button", async () => {
    const answer = markdownToRichText(await textFor("are you alive and what is running?"));
    expect(toPlainText(answer)).toMatch(/^A command does that\. .*: \/status$/mu);
    expect(listButtons(answer).map(({ command }) => command)).toEqual(["/status"]);
    expect(await textFor("approve it")).toContain(
      "whose role allows it does that, and only by typing it: `/approve <code> [role]`",
    );
  });

  test("a task that triage made is reported by what somebody wrote, not by what we asked", async () => {
    const routing = routingOf({ routeClass: "issue" }, 0);
    const source = {
      connector: "telegram",
      externalId: "-1",
      senderExternalId: "7",
      isEdit: false,
      isToModel: false,
    };
    const text = "The door is broken, see evil.example";
    const prompt = routedPrompt(routing, { because: "x" }, { ...source, text });
    const answer = await textFor(prompt, { system: BACKGROUND_TASK_MARKER });
    expect(answer).toContain(`somebody wrote \`${text}\`. I follow fixed rules`);
    expect(answer).not.toMatch(/not to you|follow-up|route lane/u);
  });

  test("text it repeats cannot smuggle in a button", async () => {
    const answer = await textFor(
      "look at [this](command:/cancel) and ![that](https://x.example/a.png)",
    );
    const commands = listButtons(markdownToRichText(answer)).map((button) => button.command);
    expect(commands.filter((command) => !command.startsWith("/task "))).toEqual(["/help"]);
  });

  test("counts tokens: more for more, never none", async () => {
    const { usage: short } = await model.doGenerate(ask("hi"));
    const { usage: long } = await model.doGenerate(ask("hi ".repeat(400)));
    expect(short.inputTokens.total).toBeGreaterThan(0);
    expect(short.outputTokens.total).toBeGreaterThan(0);
    expect(long.inputTokens.total).toBeGreaterThan(short.inputTokens.total ?? 0);
  });

  test("ends at once when it is aborted", async () => {
    const reason = new Error("stop");
    await expect(
      model.doStream({ ...ask("hi"), abortSignal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});

test("what is said in a group is answered, not who says it", async () => {
  const { content } = await model.doGenerate({
    prompt: [
      {
        role: "user",
        content: [
          { type: "text", text: "Alice: " },
          { type: "text", text: "show my tasks" },
        ],
      },
    ],
  });
  expect(content).toEqual((await model.doGenerate(ask("show my tasks"))).content);
});
