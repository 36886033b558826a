import { TransportError } from "./api-fetch.ts";
import { cleanText } from "./clean-text.ts";
import { redactToken } from "./redact-token.ts";

/** Why a call of the Bot API did not succeed. `text` is one line for people, without the token. */
export type TelegramFailure = { readonly text: string } & (
  | { readonly kind: "unauthorized" }
  /** Another process polls this bot, or a webhook is set. */
  | { readonly kind: "conflict"; readonly webhook: boolean }
  | { readonly kind: "flood"; readonly retryAfterMs: number }
  /** It cannot be read, is too long, or is a file where none may be sent. */
  | { readonly kind: "bad_format" }
  | { readonly kind: "migrated"; readonly chatId: number }
  /** Any other 4xx. */
  | { readonly kind: "refused"; readonly status: number }
  /** The request was never written. */
  | { readonly kind: "unreachable" }
  /** 5xx, or no readable answer to a request that was written. */
  | { readonly kind: "uncertain" }
);

/** The fields of grammy's GrammyError; read by shape, so that this file does not load the library. */
interface Refusal {
  readonly error_code: number;
  readonly description: string;
  readonly parameters: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}

const LEAST_FLOOD_SECONDS = 1;
/** No timer runs longer than 24 days; a wait beyond a week is a broken answer. */
const MOST_FLOOD_SECONDS = 7 * 86_400;
const LONGEST_DESCRIPTION = 300;
/** What a 400 says of how a message is written, rather than of its chat. */
const BAD_FORMAT =
  /can't parse entities|too[ _]long|too[ _]big|text is empty|must be non-empty|encoded in UTF-8|rights to send documents|SEND_DOCS_FORBIDDEN|ENTITY_BOUNDS_INVALID/i;

/** Sorts whatever a call threw. Never throws, and nothing of the original error leaves but a redacted text. */
export function describeTelegramFailure(error: unknown, token: string): TelegramFailure {
  const refusal = error as Partial<Refusal> | undefined;
  if (typeof refusal?.error_code === "number") {
    return sortRefusal(refusal as Refusal, readDescription(refusal.description, token));
  }
  const cause = (error as { error?: unknown } | undefined)?.error ?? error;
  if (cause instanceof TransportError) return sortTransport(cause);
  return { kind: "uncertain", text: "Telegram's answer could not be used." };
}

/** Redacted before it is cut: half a token would not be known. */
function readDescription(description: unknown, token: string): string {
  const line = cleanText(redactToken(String(description ?? ""), token)).replace(/\s+/g, " ");
  return line.slice(0, LONGEST_DESCRIPTION).toWellFormed();
}

function sortTransport({ written, status, message }: TransportError): TelegramFailure {
  if (!written) return { kind: "unreachable", text: `Telegram cannot be reached (${message}).` };
  if (status === 429) {
    return {
      kind: "flood",
      retryAfterMs: LEAST_FLOOD_SECONDS * 1_000,
      text: floodText(LEAST_FLOOD_SECONDS),
    };
  }
  // Something between us and Telegram has answered for it; the request went no further.
  if (status !== undefined && status >= 300 && status < 500) {
    return {
      kind: "unreachable",
      text: `Telegram cannot be reached (status ${status} from something else).`,
    };
  }
  return { kind: "uncertain", text: `Telegram did not answer properly (${message}).` };
}

function sortRefusal(refusal: Refusal, description: string): TelegramFailure {
  const { error_code: status, parameters } = refusal;
  const text = `Telegram answered ${status}: ${description}`;
  switch (status) {
    case 401:
      return { kind: "unauthorized", text };
    case 409:
      return { kind: "conflict", webhook: /webhook/i.test(description), text };
    case 429: {
      const asked = Number(parameters?.retry_after) || readWait(description);
      const seconds = Math.min(MOST_FLOOD_SECONDS, Math.max(LEAST_FLOOD_SECONDS, asked));
      return { kind: "flood", retryAfterMs: seconds * 1_000, text: floodText(seconds) };
    }
    case 400: {
      if (BAD_FORMAT.test(description)) return { kind: "bad_format", text };
      const chatId = parameters?.migrate_to_chat_id;
      if (typeof chatId === "number") return { kind: "migrated", chatId, text };
      return { kind: "refused", status, text };
    }
    case 413:
      return { kind: "bad_format", text };
    default:
      return status >= 400 && status < 500
        ? { kind: "refused", status, text }
        : { kind: "uncertain", text };
  }
}

/** Servers between Telegram and us may leave the parameters away; the words say the same. */
function readWait(description: string): number {
  return Number(/retry after (\d{1,9})\b/i.exec(description)?.[1] ?? 0);
}

function floodText(seconds: number): string {
  return `Telegram asks to wait ${seconds} s (429).`;
}
