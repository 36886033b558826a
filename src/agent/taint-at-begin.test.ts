import { expect, test } from "vitest";
import { taintsOf } from "./taint-at-begin.ts";

const message = { trust: "paired", sender_name: "Ann", payload: null } as const;
const stranger = { ...message, trust: "stranger", sender_name: "Eve" } as const;
const quoted = { ...message, payload: JSON.stringify({ isQuoted: true }) };
const file = { name: "a\nb.pdf", kind: "document" } as const;
const page = ["the page https://x.example"];

test.each([
  ["what a paired person says", false, [], [message], [], []],
  [
    "what a stranger wrote",
    true,
    [],
    [stranger],
    [],
    ["a message by “Eve” (not paired) in “Support”"],
  ],
  ["what was forwarded", true, [], [message, quoted], [], ["words that “Ann” passed on"]],
  ["what came with it", false, [], [message], [file, file], ["the file “a b.pdf”"]],
  ["what the run before it had read", false, page, [message], [], page],
  ["a tainted run", true, [], [], [], ["an earlier answer that others' words went into"]],
] as const)(
  "a run about %s begins tainted or not",
  (_what, isTainted, before, messages, files, lines) => {
    expect(taintsOf({ place: "Support", isTainted, before, messages }, files)).toEqual(lines);
  },
);
