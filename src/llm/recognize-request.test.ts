import { describe, expect, test } from "vitest";
import { recognizeRequest, taskOffer } from "./recognize-request.ts";

function commandsFor(text: string): readonly string[] {
  const recognized = recognizeRequest(text);
  return recognized.kind === "offers"
    ? recognized.offers.map((offer) => offer.command)
    : [recognized.kind];
}

describe("a plain request", () => {
  test.each([
    ["create a task to prepare the report", "/task prepare the report"],
    ["Please make a new task: buy milk?", "/task buy milk"],
    ["Could you add a background task for the invoices", "/task the invoices"],
    ["sort my photos in the background, please", "nothing"],
    ["sort my photos in the background", "/task sort my photos"],
    ["can you check the logs as a task?", "/task check the logs"],
    ["create a task", "task_without_text"],
    ["show me my tasks", "/tasks"],
    ["what tasks are open", "/tasks"],
    ["what is your status?", "/status"],
    ["Are you there?", "/status"],
    ["which model are you", "/status"],
    ["stop", "/cancel"],
    ["please cancel everything", "/cancel"],
    ["cancel task_k3v9qd7m2a", "/cancel task_k3v9qd7m2a"],
    ["explain what happened", "/explain"],
    ["why did you not answer", "/explain"],
    ["explain msg_k3v9qd7m2a", "/explain msg_k3v9qd7m2a"],
    ["how can I pair", "/pair"],
    ["hello", "capabilities"],
    ["Hi, what can you do?", "capabilities"],
    ["help!", "capabilities"],
    ["help me", "capabilities"],
    ["Can you help me, please?", "capabilities"],
    ["help us out", "capabilities"],
    ["I need some help", "capabilities"],
    ["help me pair", "/pair"],
  ])("“%s” is %s", (text, command) => {
    expect(commandsFor(text)).toEqual([command]);
  });

  test.each([
    "explain the theory of relativity",
    "help me write a letter",
    "help me help them",
    "I need help with my taxes",
    "stop words are common in search",
    "the status quo is fine",
    "tasks are boring to me",
    "repair the bike",
    "",
    "   ",
    "create a task to x ".repeat(500),
  ])("“%.40s” is not taken for one", (text) => {
    expect(commandsFor(text)).toEqual(["nothing"]);
  });
});

test("offers no task whose text is more than a line: a button cannot hold it", () => {
  expect(taskOffer("one\ntwo")).toBeUndefined();
  expect(taskOffer("ring \u0007 the bell")).toBeUndefined();
  expect(taskOffer(" one \n")).toMatchObject({ command: "/task one" });
});
