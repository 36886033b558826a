import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuMsOf } from "../../../test/support/cpu-ms.ts";
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
    ["what did that cost?", "/spend"],
    ["how much has it cost so far?", "/spend"],
    ["what are today's costs", "/spend"],
    ["stop", "/cancel"],
    ["please cancel everything", "/cancel"],
    ["cancel task_k3v9qd7m2a", "/cancel task_k3v9qd7m2a"],
    ["explain what happened", "/explain"],
    ["why did you not answer", "/explain"],
    ["explain msg_k3v9qd7m2a", "/explain msg_k3v9qd7m2a"],
    ["how can I pair", "/pair"],
    ["start over", "/new"],
    ["please begin a new chat", "/new"],
    ["forget what was said so far", "/new"],
    ["hello", "capabilities"],
    ["Hi, what can you do?", "capabilities"],
    ["help!", "/help"],
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
    "how much does a house cost in Bonn?",
    "spend the afternoon on the report",
    "show the costs of our plans",
    "tasks are boring to me",
    "start over with the second paragraph",
    "forget what Bob said",
    "new conversation starters for a party",
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

const isExact = (text: string): boolean => {
  const recognized = recognizeRequest(text);
  return recognized.kind === "offers" && recognized.isExact;
};

describe("nothing but a request for one command", () => {
  test.each([
    "create a task to prepare the report",
    "Please add a task: buy milk",
    "could you queue a task to write it down?",
    "show me my tasks",
    "My tasks?",
    "which tasks are open?",
    "spend",
    "Show me the spend today.",
    "How much did you spend today?",
    "how much have we spent so far?",
    "status",
    "What's your status?",
    "cancel my tasks",
    "please cancel task_k3v9qd7m2a.",
    "explain msg_k3v9qd7m2a",
    "list all commands",
    "help",
    "Please help!",
    "what is running?",
    "task: water the plants",
    "create task water the plants",
    "add task water the plants",
    "queue task water the plants",
  ])("is “%s”", (text) => {
    expect(isExact(text)).toBe(true);
  });

  test.each([
    "Status of the release?",
    "status quo",
    "what did that cost?",
    "spend it",
    "show my tasks about the garden",
    "create a task list for my project",
    "create a task that nobody can do",
    "what tasks would you give a beginner?",
    "cancel that",
    "stop it",
    "kill it",
    "explain that",
    "why did you not answer",
    "are you there?",
    "which model are you",
    "sort my photos in the background",
    "tasks are boring to me",
    "Open questions remain",
    "Monitor is broken",
    "Prompt payment is nice",
    "show me my tasks and my status",
    "help me",
    "task force",
    "task water the plants",
    "add task management to my skills",
    "create task list for the project",
    "create task in Asana?",
    "create a task in Asana?",
    "add task trackers?",
    "what is running on port 80?",
    "the prompt payment discount",
    "update prompt payment terms",
    "the admin channel enables us to talk",
    "hello",
    "yes",
    "create a task to\ndo this\nand that",
    `create a task to ${"x".repeat(501)}`,
  ])("is not “%.60s”: that may be talk", (text) => {
    expect(isExact(text)).toBe(false);
    expect(recognizeRequest(text).kind).not.toBe("to_type");
  });
});

describe("what no button may lead to", () => {
  test.each([
    ["approve", "/approve <code> [role]"],
    ["Approve it!", "/approve <code> [role]"],
    ["approve all", "/approve <code> [role]"],
    ["yes, approve the latest pending action", "/approve-action <id> [note]"],
    ["reject all pending actions", "/deny-action <id> [reason]"],
    ["deny act_k3v9qd7m because it is spam", "/deny-action <id> [reason]"],
    ["I approve", "/approve <code> [role]"],
    ["please approve k3v9-qd7m", "/approve <code> [role]"],
    ["approve the pairing code K3V9QD7M as an admin", "/approve <code> [role]"],
    ["approve act_k3v9qd7m", "/approve-action <id> [note]"],
    ["deny it", "/deny <code> [reason]"],
    ["reject k3v9-qd7m because I do not know them", "/deny <code> [reason]"],
    ["decline everything", "/deny <code> [reason]"],
    ["enable the admin channel", "/admin-channel enable"],
    ["Set the prompt to be brief", "/prompt set <text>"],
    ["show me the prompt", "/prompt show"],
    ["show prompt", "/prompt show"],
    ["clear prompt", "/prompt clear"],
    ["set prompt to be kind", "/prompt set <text>"],
    ["update prompt to be kind", "/prompt set <text>"],
    ["please admin channel enable", "/admin-channel enable"],
    ["admin channel disable", "/admin-channel disable"],
  ])("“%s” is told to type %s", (text, command) => {
    expect(recognizeRequest(text)).toMatchObject({ kind: "to_type", command });
  });

  test.each([
    ["approve token ABCD2345", true],
    ["Please approve k3v9 qd7m.", true],
    ["approve token ABCDEFGH", true],
    ["approve abcd-efgh as an admin", true],
    ["deny token ABCD2345 because spam", true],
    ["reject k3v9-qd7m: who is that?", true],
    ["how do I approve k3v9-qd7m?", true],
    ["what command do I run to deny ABCD2345?", true],
    ["deny this because no", false],
    ["approve the action", false],
  ])("“%s” holds a code: %s", (text, hasCode) => {
    expect(recognizeRequest(text)).toMatchObject({ kind: "to_type", hasCode });
  });

  test.each([
    "yes",
    "yes please",
    "approve 2024-2025 figures",
    "reject half-done work",
    "decline part-time offers politely",
    "approve token transfer",
    "decline this for me",
    "I approve of the plan we made",
    "approve my holiday in the draft letter",
    "decline the invitation for me",
    "deny everything I said about cats",
    "prompt me for my name",
  ])("“%s” is talk", (text) => {
    expect(recognizeRequest(text).kind).toBe("nothing");
  });

  test("never becomes an offer, whatever stands around it", () => {
    const verb = fc.constantFrom("approve", "Deny", "reject", "decline");
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        verb,
        fc.string({ maxLength: 40 }),
        (a, word, b) => {
          const recognized = recognizeRequest(`${a} ${word} ${b}`);
          const offers = recognized.kind === "offers" ? recognized.offers : [];
          for (const { command } of offers) expect(command).not.toMatch(/^\/(?:approve|deny)/u);
        },
      ),
    );
  });
});

test("takes no longer for a text made to be slow", () => {
  const tookMs = cpuMsOf(() => {
    for (const text of ["approve ", "cancel all ", "show me ", "approve a code ", "task to "]) {
      recognizeRequest(text.repeat(2_000 / text.length));
      recognizeRequest(text.repeat(200_000));
    }
  });
  expect(tookMs).toBeLessThan(1_000);
});
