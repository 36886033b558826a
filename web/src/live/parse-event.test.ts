import { expect, test } from "vitest";
import { parseDraft, parseTopics } from "./parse-event.ts";

test("names each topic of a change once", () => {
  const data = JSON.stringify({
    name: "settle",
    ids: ["messages:msg_1", "tasks:task_1", "messages:msg_2"],
  });
  expect([...parseTopics(data)]).toEqual(["messages", "tasks"]);
});

test("an event it cannot read changes nothing", () => {
  for (const data of ["", "{", "null", "[]", '{"ids":1}', '{"ids":[1]}']) {
    expect(parseTopics(data).size).toBe(0);
    expect(parseDraft(data)).toBeUndefined();
  }
});

test("reads a draft", () => {
  const data = JSON.stringify({ run_id: "run_1", context_id: "ctx_1", text: "Hel" });
  expect(parseDraft(data)).toEqual({ contextId: "ctx_1", runId: "run_1", text: "Hel" });
});
