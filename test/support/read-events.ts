import { createFactLog } from "./bot-api/wait-for-fact.ts";
import type { TestRuntime } from "./open-test-runtime.ts";

/** A commit as the event stream tells of it, or a growing answer (`name` is then `draft`). */
export interface StreamEvent {
  readonly id: number | undefined;
  readonly name: string;
  /** Of the rows changed, without their topics. */
  readonly ids: readonly string[];
  readonly text: string;
}

/** Reads the event stream as the owner, from now on or from behind `lastEventId`. Settles when it is open. */
export async function readEvents(test: TestRuntime, lastEventId?: number) {
  const stop = new AbortController();
  const response = await fetch(`${test.url}/api/v1/events`, {
    headers: {
      authorization: `Bearer ${test.token}`,
      ...(lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) }),
    },
    signal: stop.signal,
  });
  if (response.body === null) throw new Error("the event stream has no body");
  const facts = createFactLog<StreamEvent>("event", true, (one) => `${one.id} ${one.name}`);
  const reading = readAll(response.body, facts.add).catch(() => undefined);
  await facts.next((one) => one.name === "connected");
  return {
    all: facts.all,
    next: facts.next,
    async close() {
      stop.abort();
      facts.close();
      await reading;
    },
  };
}

async function readAll(body: ReadableStream<Uint8Array>, add: (event: StreamEvent) => void) {
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event !== undefined) add(event);
    }
  }
}

function parseEvent(block: string): StreamEvent | undefined {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1];
  const data = field("data");
  if (data === undefined) return undefined;
  const { name, ids, text } = JSON.parse(data) as {
    name?: string;
    ids?: readonly string[];
    text?: string;
  };
  const id = field("id");
  return {
    id: id === undefined ? undefined : Number(id),
    name: name ?? field("event") ?? "",
    ids: (ids ?? []).map((one) => one.split(":")[1] ?? ""),
    text: text ?? "",
  };
}
