import { expect, test } from "vitest";
import { taintOfTask } from "./taint-of-task.ts";

const task = { taint: 0, context_title: "Support" } as const;
const message = { trust: "paired", sender_name: "Ann", payload: null } as const;
const stranger = { ...message, trust: "stranger", sender_name: "Eve" } as const;
const quoted = { ...message, payload: JSON.stringify({ isQuoted: true }) };
const file = { name: "a\nb.pdf", kind: "document" } as const;

test.each([
  ["what a paired person asks for", task, [message], [], []],
  ["what a stranger wrote", task, [stranger], [], ["a message by “Eve” (not paired) in “Support”"]],
  ["what was forwarded", { ...task, taint: 1 }, [quoted], [], ["words that “Ann” passed on"]],
  ["what came with it", task, [message, message], [file], ["the file “a b.pdf”"]],
  [
    "what a tainted run asked for",
    { ...task, taint: 1 },
    [],
    [],
    ["an earlier answer that others' words went into"],
  ],
] as const)("%s taints a task or does not", (_what, of, messages, files, lines) => {
  expect(taintOfTask(of, messages, files)).toEqual(lines);
});
