import { type CommandOffer, OFFERED, shownCommands } from "../core/request/command-offer.ts";
import { recognizeRequest, taskOffer } from "../core/request/recognize-request.ts";
import { escapeMarkdown } from "../core/rich-text/escape-markdown.ts";
import { shorten } from "../core/shorten.ts";
import { textOfRouted } from "../core/triage/routed-task.ts";
import { commandLink } from "./command-link.ts";
import { FIXED_FORMS, type FixedForm, type FormRequest, parseFixedForms } from "./fixed-forms.ts";

const QUOTE_LENGTH = 200;
const MOST_FORMS = 20;
/** A longer result is cut, and that is said: it would become dozens of messages. */
const LONGEST_RESULT = 8_000;
const HELP: CommandOffer = { label: "Show all commands", command: "/help" };
const STATUS: CommandOffer = { label: "Show the status", command: "/status" };

/** What the offline model was given, of all that a model may be given. */
export interface OfflineQuestion {
  readonly isBackgroundTask: boolean;
  /** The newest thing the person said. */
  readonly text: string;
  /** What came with it, a line each. */
  readonly files: readonly string[];
  readonly tools: readonly string[];
  /** What tools answered since; none: nothing was called yet. */
  readonly toolResults: readonly OfflineResult[];
}

interface OfflineResult {
  readonly tool: string;
  readonly text: string;
  /** It failed, was denied, or nobody knows. */
  readonly isError: boolean;
}

export interface OfflineCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export type OfflineAnswer =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool_calls"; readonly calls: readonly OfflineCall[] };

/** The whole mind of the offline model: the same question always gets the same answer. Never throws. */
export function answerOffline(question: OfflineQuestion): OfflineAnswer {
  const say = (text: string): OfflineAnswer => ({ kind: "text", text: `Offline model: ${text}` });
  if (question.toolResults.length > 0) return say(reportResults(question.toolResults));
  const forms = parseFixedForms(question.text);
  if (forms.length > MOST_FORMS) {
    return say(
      `that is ${count(forms.length, "form")}, and I take ${MOST_FORMS} at most. ${NOTHING}`,
    );
  }
  const read = forms.map((request) => readForm(request, question.tools));
  const problems = read.filter((one) => typeof one === "string");
  if (problems.length > 0) return say([...problems, NOTHING].join("\n\n"));
  const calls = read.filter((one) => typeof one !== "string");
  if (calls.length > 0) return { kind: "tool_calls", calls };
  if (question.isBackgroundTask) {
    return say([reportTask(question.text), ...listFiles(question.files)].join("\n\n"));
  }
  return { kind: "text", text: converse(question) };
}

const NOTHING = "Nothing was done.";

/** The call that a form stands for, or why it stands for none. */
function readForm({ form, text }: FormRequest, offered: readonly string[]): OfflineCall | string {
  const tool = toolFor(form, offered);
  const word = code(`${form.word}:`);
  if (tool === undefined) {
    return `the form ${word} needs a tool to ${form.does}, and no such tool is available here.`;
  }
  const input = form.read(text);
  return input === undefined
    ? `I cannot read what stands behind ${word}. Write it like this: ${code(form.example)}`
    : { tool, input };
}

function toolFor({ tools }: FixedForm, offered: readonly string[]): string | undefined {
  return tools.find((name) => offered.includes(name));
}

/** What came along, as we were told of it: nothing of it was opened. */
function listFiles(files: readonly string[]): readonly string[] {
  if (files.length === 0) return [];
  const items = files.map((line) => `- ${escapeMarkdown(line, { isLineStart: false })}`);
  return [`${count(files.length, "file")} came with it, and I opened none:\n\n${items.join("\n")}`];
}

function reportResults(results: readonly OfflineResult[]): string {
  return results
    .map(({ tool, text, isError }) => {
      const left = text.length - LONGEST_RESULT;
      const shown = left > 0 ? text.slice(0, LONGEST_RESULT).toWellFormed() : text;
      const told = `${code(tool)} answered${isError ? " with an error" : ""}:\n\n${fenced(shown)}`;
      return left > 0 ? `${told}\n\n(${count(left, "character")} more.)` : told;
    })
    .join("\n\n");
}

function reportTask(prompt: string): string {
  const overheard = textOfRouted(prompt);
  if (overheard !== undefined) {
    return `somebody wrote ${code(shorten(overheard, QUOTE_LENGTH))}. I follow fixed rules, so I looked nothing up, asked nobody and changed nothing: whoever looks after this has to see to it.`;
  }
  const text = prompt.trim();
  if (text === "") return "this task has no text, so there was nothing to do.";
  const links = text.match(/https?:\/\/\S+/gu)?.length ?? 0;
  const found = [count(countWords(text), "word"), count(text.split(/\r?\n/u).length, "line")];
  if (links > 0) found.push(`${count(links, "link")} (not opened)`);
  return [
    `I read the task ${quoted(text)} and found ${found.join(", ")}.`,
    "I follow fixed rules and no tool was needed or offered, so I looked nothing up and changed nothing.",
  ].join(" ");
}

function converse({ text, files, tools }: OfflineQuestion): string {
  if (files.length > 0) return reflect(text, files);
  const recognized = recognizeRequest(text);
  switch (recognized.kind) {
    case "capabilities":
      return introduce(tools);
    case "task_without_text":
      return "Tell me what the task is: send `/task` and what to do, for example `/task prepare the report`.";
    case "offers":
      return `${OFFERED}${shownCommands(recognized.offers).map(code).join(" or ")}\n\n${links(recognized.offers)}`;
    case "to_type":
      return `Only somebody whose role allows it does that, and only by typing it: ${code(recognized.command)}. ${code("/help")} shows what yours allows.`;
    case "asks_command":
      return `The command for it: ${code(recognized.answer.command)} ${recognized.answer.note}`.trim();
    case "nothing":
      return reflect(text, files);
  }
}

function introduce(tools: readonly string[]): string {
  return [
    "I am the offline model: fixed rules inside this program, with no network and no key. I cannot think things over, but I can hand you the commands.",
    "Ask in plain words, for example:",
    [
      "- “create a task to prepare the report”",
      "- “show my tasks” or “what is your status”",
      "- “stop that” or “explain what happened”",
    ].join("\n"),
    ...introduceForms(FIXED_FORMS.filter((form) => toolFor(form, tools) !== undefined)),
    links([HELP, STATUS]),
  ].join("\n\n");
}

/** A button is a command, so what it drives is a task; that asks and waits as the same form would in the conversation. */
function introduceForms(forms: readonly FixedForm[]): readonly string[] {
  if (forms.length === 0) return [];
  const tried = forms.filter(({ isTried }) => isTried);
  return [
    "A line in one of these forms calls a tool, as a real model would; several lines are several calls:",
    forms.map(({ does, example }) => `- ${does}: ${code(example)}`).join("\n"),
    "Write one here, or try it as a task:",
    links(tried.map(({ example }) => ({ label: example, command: `/task ${example}` }))),
  ];
}

function reflect(text: string, files: readonly string[]): string {
  // A task made by the button would not have them.
  const offer = files.length === 0 ? taskOffer(text) : undefined;
  const told =
    text.trim() === ""
      ? "You sent no words."
      : `You wrote ${quoted(text)} (${count(countWords(text), "word")}).`;
  return [
    `I am the offline model, so I cannot answer that myself. ${told}`,
    ...listFiles(files),
    offer === undefined
      ? `What can be done now: send ${code("/task")} and what to do${files.length > 0 ? " with the file" : ""}, or see all commands.`
      : "What can be done now: keep it as a task, or see all commands.",
    links(offer === undefined ? [HELP] : [offer, HELP]),
  ].join("\n\n");
}

function links(offers: readonly CommandOffer[]): string {
  return offers.map(commandLink).join(" ");
}

function quoted(text: string): string {
  return `“${escapeMarkdown(shorten(text, QUOTE_LENGTH), { isLineStart: false })}”`;
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** A code block whose fence is longer than any run of backticks inside it. */
function fenced(text: string): string {
  const longest = (text.match(/`+/gu) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function countWords(text: string): number {
  return text.match(/\S+/gu)?.length ?? 0;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
