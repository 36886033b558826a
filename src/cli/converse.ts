import { createInterface } from "node:readline";
import type { ChatReply } from "../client/shapes/chat.ts";
import { describeError } from "../core/errors.ts";
import { ask, type Conversation } from "./ask.ts";
import { withRuntime } from "./connect.ts";
import { printProblem, printProse, printText } from "./print.ts";
import { readLines } from "./read-lines.ts";

const MAX_LINE_BYTES = 1_048_576;

/** Says `text` and prints what comes back. Tells whether it was answered. */
export async function sayOnce(
  conversation: Conversation,
  text: string,
  signal: AbortSignal,
): Promise<boolean> {
  const reply = await withRuntime((runtime) => ask(runtime, conversation, text, signal));
  return printReply(reply, conversation);
}

function printReply(reply: ChatReply, { timeoutSeconds }: Conversation): boolean {
  if (reply.reply !== "") printProse(reply.reply);
  if (reply.waits_for !== undefined) {
    for (const { approval_id: id } of reply.waits_for) {
      printText(
        `It waits for an approval: npx agent-runtime approvals approve ${id} (or deny). The work goes on then; see: npx agent-runtime explain ${reply.message_id}`,
      );
    }
    return true;
  }
  if (reply.outcome === "pending") {
    printProblem(
      `No answer within ${timeoutSeconds} seconds. The work goes on; see: npx agent-runtime explain ${reply.message_id}`,
    );
    return false;
  }
  if (reply.reply === "") printText("(no reply)");
  if (reply.handled) return true;
  const what = reply.outcome === "failed" ? "This failed" : `This was ${reply.outcome}`;
  printProblem(`${what}${reply.reason === undefined ? "" : ` (${reply.reason})`}.`);
  return false;
}

/** One message a line until the input ends or says /exit. An error is told and does not end it. */
export async function converse(conversation: Conversation): Promise<boolean> {
  const stop = new AbortController();
  const isTerminal = process.stdin.isTTY === true;
  const lines = isTerminal ? promptLines(stop) : readLines(process.stdin, MAX_LINE_BYTES);
  let isWell = true;
  for await (const line of lines) {
    if (line !== undefined && isFarewell(line)) break;
    isWell = (await sayOrTell(conversation, line, stop.signal)) && isWell;
    if (stop.signal.aborted) break;
  }
  return isWell || isTerminal;
}

function isFarewell(line: string): boolean {
  return ["/exit", "/quit"].includes(line.trim());
}

async function sayOrTell(
  conversation: Conversation,
  line: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (line === undefined || line.length > MAX_LINE_BYTES) {
    printProblem("That line is longer than 1 MiB. Send less at once.");
    return false;
  }
  if (line.trim() === "") return true;
  try {
    return await sayOnce(conversation, line, signal);
  } catch (error) {
    if (!signal.aborted) printProblem(describeError(error));
    return false;
  }
}

/** Asks a person for line after line. Ctrl-C ends it, also while an answer is awaited. */
async function* promptLines(stop: AbortController): AsyncGenerator<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout, prompt: "> " });
  terminal.on("SIGINT", () => {
    stop.abort();
    terminal.close();
  });
  try {
    terminal.prompt();
    for await (const line of terminal) {
      yield line;
      terminal.prompt();
    }
  } finally {
    terminal.close();
  }
}
