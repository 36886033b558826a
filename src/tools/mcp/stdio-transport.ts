import { deserializeMessage, serializeMessage } from "@modelcontextprotocol/sdk/shared/stdio.js";
import type { Clock } from "../../core/clock.ts";
import { describeError } from "../../core/errors.ts";
import { cleanText } from "../../core/tool/clean-text.ts";
import { tailOf } from "../../core/tool/tail-of.ts";
import {
  type GroupCommand,
  type ProcessGroup,
  startProcessGroup,
} from "../../sandbox/process-group.ts";
import type { EndingTransport } from "./ending-transport.ts";

/** Of one message. A server that sends more is ended. */
const LARGEST_MESSAGE = 8_000_000;
const LINE_END = 0x0a;
const GRACE_MS = 1_000;
const LAST_WORDS = 300;

/** Speaks to a program over its input and output. The program has an environment and a process group of its own. */
export function createStdioTransport(clock: Clock, command: GroupCommand): EndingTransport {
  /** What came of the line that has not ended yet. */
  const line: Buffer[] = [];
  let bytes = 0;
  let group: ProcessGroup | undefined;
  let lastWords = "";
  let problem: string | undefined;

  function take(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, start)) {
      line.push(chunk.subarray(start, end));
      hear(Buffer.concat(line.splice(0)).toString("utf8"));
      bytes = 0;
      start = end + 1;
    }
    line.push(chunk.subarray(start));
    bytes += chunk.length - start;
    if (bytes <= LARGEST_MESSAGE) return;
    problem = `It sent a message of more than ${LARGEST_MESSAGE} bytes and was ended.`;
    line.length = 0;
    group?.kill();
  }

  /** What is no message is skipped: many programs write what they do between. */
  function hear(text: string): void {
    try {
      transport.onmessage?.(deserializeMessage(text));
    } catch (error) {
      transport.onerror?.(error as Error);
    }
  }

  function over(how: string): void {
    const words = cleanText(lastWords, LAST_WORDS);
    problem ??= words === "" ? how : `${how} Its last words: ${words}`;
    transport.onclose?.();
  }

  const transport: EndingTransport = {
    async start() {
      group = startProcessGroup(command);
      group.stdout.on("data", take);
      group.stderr.on("data", (chunk: Buffer) => {
        lastWords = tailOf(`${lastWords}${chunk.toString("utf8")}`, LAST_WORDS);
      });
      group.ended.then(
        ({ code, signal }) =>
          over(`It ended with ${code === null ? signal : `exit code ${code}`}.`),
        (error: unknown) => over(`It cannot be started: ${describeError(error)}.`),
      );
    },
    async send(message) {
      group?.stdin.write(serializeMessage(message));
    },
    async close() {
      if (group === undefined) return;
      const gone = new AbortController();
      const end = group.ended.then(
        () => gone.abort(),
        () => gone.abort(),
      );
      // A well-behaved program ends with its input.
      group.stdin.end();
      await clock.sleep(GRACE_MS, gone.signal).catch(() => undefined);
      group.kill();
      await end;
    },
    why: () => problem,
  };
  return transport;
}
