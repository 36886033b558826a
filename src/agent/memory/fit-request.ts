import type { ModelMessage } from "ai";
import { withoutOpenWord } from "../../core/without-open-word.ts";
import { estimateTokens } from "../../llm/estimate-tokens.ts";
import type { ModelTool } from "../../llm/stream-model.ts";
import { tokensOfTools } from "../../llm/tokens-of-tools.ts";
import { type Exchange, messagesOfExchange, type Shown } from "./exchange.ts";

/** For the notice, and the lines that say what was left out. */
const NOTE_TOKENS = 100;
/** Told whatever is fixed: a budget that tools and instructions use up would leave nothing to answer. */
const LEAST_ROOM = 500;
/** Of an earlier message; the log keeps it whole. */
export const LONGEST_PAST_TOKENS = 1_500;
const LEAST_PAGE = 200;

export interface RequestToFit {
  readonly instructions: string;
  readonly tools: readonly ModelTool[];
  /** What is told of what is told no more; never left out. */
  readonly preface: readonly ModelMessage[];
  /** The conversation, oldest first; the last is what is being answered. */
  readonly history: readonly ModelMessage[];
  /** What was done about it since. */
  readonly exchanges: readonly Exchange[];
  readonly budgetTokens: number;
  /** A sentence of ours about this request alone. */
  readonly notice?: string | undefined;
}

export interface FittedRequest {
  readonly instructions: string;
  readonly messages: readonly ModelMessage[];
}

/**
 * Brings a request under its budget. What is being answered stays, then the newest exchanges, then the newest of the
 * conversation; long results are told by a page, which `read_more` goes on from. What is left out is announced.
 */
export function fitRequest(request: RequestToFit): FittedRequest {
  const { instructions, tools, preface, history, exchanges, budgetTokens, notice } = request;
  const told = estimateTokens(instructions) + tokensOf(preface) + NOTE_TOKENS;
  const fixed = told + tokensOfTools(tools);
  const room = Math.max(LEAST_ROOM, budgetTokens - fixed);
  const answered = history.slice(-1).map((one) => shorten(one, room / 2));
  const roomForWork = room - tokensOf(answered);
  const done = fitExchanges(exchanges, roomForWork);
  const past = newestWithin(history.slice(0, -1), roomForWork - tokensOf(done));
  const messagesLeft = history.length - answered.length - past.length;
  const roundsLeft = exchanges.length - done.length;
  const notes = [
    ...(messagesLeft > 0 ? [`messages from before: ${messagesLeft}`] : []),
    ...(roundsLeft > 0 ? [`rounds of tool calls and what they brought: ${roundsLeft}`] : []),
  ].map((what) => `Left out of this request, as there is no room, but kept in the log: ${what}.`);
  return {
    instructions: [instructions, ...notes, ...(notice === undefined ? [] : [notice])].join("\n\n"),
    messages: [...preface, ...past, ...answered, ...done.flat()],
  };
}

/** By what goes over the wire, roughly. */
export function tokensOf(value: unknown): number {
  return estimateTokens(JSON.stringify(value));
}

/** Older results make room first; then the newest are shown shorter; at last the oldest rounds leave whole. */
function fitExchanges(
  exchanges: readonly Exchange[],
  room: number,
): readonly (readonly ModelMessage[])[] {
  const told = exchanges.map((one) => tell(one, "page"));
  const isTooLong = () => told.reduce((sum, { tokens }) => sum + tokens, 0) > room;
  for (const [index, one] of exchanges.slice(0, -1).entries()) {
    if (!isTooLong()) break;
    told[index] = tell(one, "nothing");
  }
  const last = exchanges.at(-1);
  const shorter = last === undefined ? [] : shorterPages(room, last).map((one) => tell(last, one));
  for (const one of shorter) if (isTooLong()) told[told.length - 1] = one;
  while (told.length > 0 && isTooLong()) told.shift();
  return told.map(({ messages }) => messages);
}

/** Ever less of every result, down to only that it is there. */
function shorterPages(room: number, { answers }: Exchange): readonly Shown[] {
  const pages: Shown[] = [];
  for (let page = (room * 3) / answers.length; page >= LEAST_PAGE; page /= 2)
    pages.push({ characters: Math.floor(page) });
  return [...pages, "nothing"];
}

function tell(exchange: Exchange, shown: Shown) {
  const messages = messagesOfExchange(exchange, shown);
  return { messages, tokens: tokensOf(messages) };
}

/** Without a gap: what is told of a conversation is its end. */
function newestWithin(history: readonly ModelMessage[], room: number): readonly ModelMessage[] {
  const kept: ModelMessage[] = [];
  let left = room;
  for (const message of history.toReversed()) {
    const short = shorten(message, LONGEST_PAST_TOKENS);
    left -= tokensOf(short) + 1;
    if (left < 0) break;
    kept.unshift(short);
  }
  return kept;
}

/** Cuts the texts of a message until it fits. What a character costs is only known when it is written out. */
function shorten(message: ModelMessage, mostTokens: number): ModelMessage {
  let short = message;
  for (let most = mostTokens * 4; tokensOf(short) > mostTokens && most >= 1; most /= 2)
    short = cutTexts(message, Math.floor(most));
  return short;
}

function cutTexts(message: ModelMessage, most: number): ModelMessage {
  const { role, content } = message;
  if (role !== "user" && role !== "assistant") return message;
  if (typeof content === "string") return { role, content: cut(content, most) };
  const parts = content.map((part) =>
    part.type === "text" ? { ...part, text: cut(part.text, most) } : part,
  );
  return { role, content: parts } as ModelMessage;
}

/** No half of a secret stands at its end: nothing would know it for one. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = withoutOpenWord(text.slice(0, most).toWellFormed());
  return `${kept}\n(The rest is left out here: ${text.length - kept.length} characters.)`;
}
