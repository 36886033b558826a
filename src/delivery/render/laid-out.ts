import type { Span, SpanStyle } from "../../core/rich-text/span.ts";
import { countOpened, type Markup } from "./markup.ts";

/** A stretch of one style, from `start` up to `end`. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly style: SpanStyle;
}

/** Spans as one text in UTF-16 code units, and what each stretch of it costs when written. */
export interface LaidOut {
  readonly text: string;
  runAt(at: number): Run;
  /** Whether the unit at `at` belongs to a code block. */
  isCode(at: number): boolean;
  /** Whether a cut at `at` would tear a code block. */
  isInCode(at: number): boolean;
  /** The furthest end so that `start` to end, written with its tags, counts for at most `limit`. */
  furthestEnd(start: number, limit: number): number;
}

export function layOutUnits(spans: readonly Span[], markup: Markup): LaidOut {
  const text = spans.map((span) => span.text).join("");
  const runs: Run[] = [];
  const runOf = new Uint32Array(text.length);
  let length = 0;
  for (const span of spans) {
    const run = { start: length, end: length + span.text.length, style: span.style };
    runOf.fill(runs.length, run.start, run.end);
    runs.push(run);
    length = run.end;
  }

  function runAt(at: number): Run {
    return runs[runOf[at] ?? 0] ?? { start: 0, end: 0, style: {} };
  }

  /** How many units of `run` from `start` fit into `room`. */
  function fitting(run: Run, start: number, room: number): number {
    let left = room;
    let at = start;
    while (at < run.end) {
      left -= markup.countedLength(run.style, text.charCodeAt(at));
      if (left < 0) break;
      at += 1;
    }
    return at - start;
  }

  function written(run: Run, start: number): number {
    let cost = 0;
    for (let at = start; at < run.end; at += 1)
      cost += markup.countedLength(run.style, text.charCodeAt(at));
    return cost;
  }

  function furthestEnd(start: number, limit: number): number {
    let cost = 0;
    let tags: ReturnType<Markup["tagsOf"]> = [];
    for (let at = start; at < text.length; ) {
      const run = runAt(at);
      const next = markup.tagsOf(run.style);
      cost += countOpened(tags, next);
      const fits = fitting(run, at, limit - cost);
      if (at + fits < run.end) return at + fits;
      cost += written(run, at);
      tags = next;
      at = run.end;
    }
    return text.length;
  }

  const isCode = (at: number) => runAt(at).style.pre !== undefined;
  return {
    text,
    runAt,
    isCode,
    isInCode: (at) => at < text.length && isCode(at) && at > runAt(at).start,
    furthestEnd,
  };
}
