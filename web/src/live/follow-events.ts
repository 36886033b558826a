import type { Draft } from "./draft.ts";
import { parseDraft, parseTopics } from "./parse-event.ts";

const OPEN_WITHIN_MS = 10_000;
/** A tab nobody looks at gives its connection back: a browser has only six to one host. */
const HIDDEN_FOR_MS = 60_000;

export interface EventHandlers {
  readonly onOpen: () => void;
  readonly onChange: (topics: ReadonlySet<string>) => void;
  readonly onDraft: (draft: Draft) => void;
}

/** Follows the runtime's events until the stream breaks (`broken`), nobody looks (`hidden`), or `signal` aborts. */
export function followEvents(
  handlers: EventHandlers,
  signal: AbortSignal,
): Promise<"broken" | "hidden"> {
  return new Promise((resolve) => {
    const source = new EventSource("/api/v1/events");
    const openTimer = setTimeout(() => end("broken"), OPEN_WITHIN_MS);
    let hiddenTimer: ReturnType<typeof setTimeout> | undefined;

    function end(why: "broken" | "hidden"): void {
      source.close();
      clearTimeout(openTimer);
      clearTimeout(hiddenTimer);
      document.removeEventListener("visibilitychange", onVisibility);
      signal.removeEventListener("abort", onAbort);
      resolve(why);
    }
    function onAbort(): void {
      end("broken");
    }
    function onVisibility(): void {
      clearTimeout(hiddenTimer);
      if (document.visibilityState === "hidden")
        hiddenTimer = setTimeout(() => end("hidden"), HIDDEN_FOR_MS);
    }
    function onChange(event: MessageEvent<string>): void {
      handlers.onChange(parseTopics(event.data));
    }

    source.addEventListener("open", () => {
      clearTimeout(openTimer);
      handlers.onOpen();
    });
    source.addEventListener("error", () => end("broken"));
    source.addEventListener("message", onChange);
    source.addEventListener("change", onChange);
    source.addEventListener("draft", (event: MessageEvent<string>) => {
      const draft = parseDraft(event.data);
      if (draft !== undefined) handlers.onDraft(draft);
    });
    document.addEventListener("visibilitychange", onVisibility);
    signal.addEventListener("abort", onAbort, { once: true });
    onVisibility();
    if (signal.aborted) onAbort();
  });
}
