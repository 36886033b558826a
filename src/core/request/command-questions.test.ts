import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuMsOf } from "../../../test/support/cpu-ms.ts";
import { answerCommandQuestion } from "./command-questions.ts";
import { recognizeRequest } from "./recognize-request.ts";

const ROUTE = "/route <task-id> <class> [priority] [due-window]";

const PENDING = "agent-runtime pairing list";

const commandFor = (text: string): string => {
  const recognized = recognizeRequest(text);
  return recognized.kind === "asks_command" ? recognized.answer.command : recognized.kind;
};

describe("a question for the command that does something", () => {
  test.each([
    ["What command do I run to approve this person?", "/approve <code> [role]"],
    ["which command do I send to let somebody in?", "/approve <code> [role]"],
    ["What’s the exact command for approving a pairing?", "/approve <code> [role]"],
    ["what do I type to approve the pending request here?", "/approve <code> [role]"],
    ["how do I approve a pairing request?", "/approve <code> [role]"],
    ["how can I pair a new member?", "/approve <code> [role]"],
    ["tell me the command to deny a pairing", "/deny <code> [reason]"],
    ["Can you tell me what command I should run to reject the request?", "/deny <code> [reason]"],
    ["which command do I use to see pending pairings", "agent-runtime pairing list"],
    ["how do I ask about pending approvals?", "/pending-actions"],
    ["what is the command to see who wants in?", "agent-runtime pairing list"],
    ["what command do I run to pair?", "/pair"],
    ["how do I ask for access?", "/pair"],
    ["how do I ask you to create a task?", "/task <prompt>"],
    ["what command do I run to make a task to water the plants", "/task <prompt>"],
    ["what's the command for my tasks?", "/tasks"],
    ["is there a command to list overdue tasks", "/tasks"],
    ["what should I send to cancel a task?", "/cancel"],
    ["how do I ask you to start over?", "/new"],
    ["what is the command for a new conversation", "/new"],
    ["please tell me the exact command to route a task", ROUTE],
    ["which command do I need to change the priority of a task", ROUTE],
    ["what command do I run to retry a task", "agent-runtime tasks retry <id>"],
    ["how do I ask to see what became of my message", "/explain"],
    ["what is the command to change somebody's role?", "agent-runtime users role <user> <role>"],
    ["what do I run to make Ann an admin", "agent-runtime users role <user> <role>"],
    ["which command do I use to see who is paired", "agent-runtime users list"],
    ["what command do I run to change the settings", "/settings"],
    ["what is the command to switch triage on", "/settings triage on"],
    ["what command do I use to set up an admin channel", "/admin-channel enable"],
    ["which command should I use to set the prompt?", "/prompt set <text>"],
    ["pending approvals", "/pending-actions"],
    ["show me the pending actions", "/pending-actions"],
    ["What is waiting for an approval?", "/pending-actions"],
    ["which command do I use to approve a call?", "/approve-action <id> [note]"],
    ["pending pairing requests", PENDING],
    ["Who wants in?", PENDING],
    ["turn this into a task", "/task <prompt>"],
    ["turn that into an actionable task", "/task <prompt>"],
    ["make this a task", "/task <prompt>"],
    ["please create one actionable task", "/task <prompt>"],
    ["create a task from this", "/task <prompt>"],
    ["show the settings", "/settings"],
    ["if approval is needed, what is the exact command?", "/approve <code> [role]"],
    ["next command i should run", "/help"],
    ["next command I should run to approve a person", "/approve <code> [role]"],
    ["exact command to enable the admin channel", "/admin-channel enable"],
    ["how can I deny somebody?", "/deny <code> [reason]"],
    ["how do I create a workspace?", "agent-runtime workspaces create <name>"],
    ["which command creates a workspace?", "agent-runtime workspaces create <name>"],
    ["what command lists workspaces?", "agent-runtime workspaces list"],
    [
      "which command binds a chat to a workspace?",
      "agent-runtime workspaces bind <context> <workspace>",
    ],
    ["how do I make an API key?", "agent-runtime keys create --name <name> --role <role>"],
    [
      "what command do I run to create a key?",
      "agent-runtime keys create --name <name> --role <role>",
    ],
    ["how do I replay a dead delivery?", "agent-runtime deliveries replay <id>"],
    ["what should I run to see deliveries?", "agent-runtime deliveries list --state dead"],
    ["how do I list users?", "agent-runtime users list"],
    ["how do I unlink somebody?", "agent-runtime users unlink <identity>"],
  ])("“%s” is %s", (text, command) => {
    expect(commandFor(text)).toBe(command);
  });

  test.each([
    "What command do I run to deploy the app?",
    "how do I create a workspace in Slack?",
    "how do I make a key lime pie?",
    "how do I make a key?",
    "how do I unlink my bank account from PayPal?",
    "which command lists containers?",
    "who is waiting?",
    "pending tasks are boring",
    "make this a task list",
    "turn this into a poem",
    "if approval is needed, ask my boss",
    "show the settings of my phone",
    "which command lists files in Linux?",
    "what is the command to kill a process",
    "how do I approve this?",
    "how do I accept a friend request?",
    "how do I pair my phone with my car?",
    "how do I reject a friend request",
    "how do I create a task in Asana?",
    "how do I ask my boss for a day off?",
    "how do I ask for a day off?",
    "what should I run today?",
    "what do I need to approve the budget",
    "Tell me which command you would run to approve a person, and then write a poem",
    "I asked what command do I run to approve a person",
    "what command do I run to approve a person and deny all others",
  ])("“%s” is not taken for one", (text) => {
    expect(["nothing", "offers"]).toContain(commandFor(text));
    expect(answerCommandQuestion(text)).toBeUndefined();
  });

  test("is never answered with what a person, a code or an id was called in it", () => {
    const called = fc.oneof(fc.string({ maxLength: 60 }), fc.stringMatching(/^[a-z0-9]{8}$/));
    fc.assert(
      fc.property(called, (text) => {
        const recognized = recognizeRequest(`what command do I run to approve ${text}`);
        const approve = "/approve <code> [role]";
        expect([
          { kind: "asks_command", answer: { command: approve } },
          { kind: "to_type", command: approve, hasCode: true },
          { kind: "nothing" },
        ]).toContainEqual(
          recognized.kind === "asks_command"
            ? { kind: "asks_command", answer: { command: recognized.answer.command } }
            : recognized,
        );
      }),
    );
  });

  test("takes no longer for a text made to be slow", () => {
    const tookMs = cpuMsOf(() => {
      for (const text of ["what command ", "the exact ", "a person ", "tell me the command to "]) {
        for (const first of ["", "what command do I run to approve ", "how do I approve "]) {
          answerCommandQuestion(`${first}${text.repeat(20)}`.slice(0, 200));
          answerCommandQuestion(`${first}${text.repeat(20_000)}`);
        }
      }
    });
    expect(tookMs).toBeLessThan(1_000);
  });
});
