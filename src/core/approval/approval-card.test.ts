import { expect, test } from "vitest";
import type { RichText } from "../rich-text/rich-text.ts";
import { boundTaint } from "../taint/taint-source.ts";
import { type ApprovalCard, approvalCard, reminderOf } from "./approval-card.ts";
import { unfulfilledCard } from "./outcome-card.ts";
import { REPLY } from "./reply-call.ts";

/** What one message of Telegram holds, the shortest of our channels but for tables. */
const ONE_MESSAGE = 4_096;

const card = (change: Partial<ApprovalCard> = {}): ApprovalCard => ({
  id: "act_06fvr3c8k3v9qd7mk3v9",
  tool: "python_code",
  line: "Run this Python 3",
  arguments: "{}",
  isRepeat: false,
  taintedBy: ["https://evil.example/page"],
  requester: "Ann",
  place: "Garden",
  expiresAtMs: Date.UTC(2026, 10, 21, 3, 55),
  ...change,
});
const textOf = (body: RichText) => JSON.stringify(body.filter(({ type }) => type !== "buttons"));

test.each([
  ["a call", "python_code", { code: `# sums up\n${"x = 1\n".repeat(20_000)}send_to_eve()` }],
  [
    "an answer",
    REPLY,
    { text: `Good morning.\n${"all is well\n".repeat(20_000)}`, is_cut_off: false },
  ],
])(
  "however long %s is, its card is one message that says what was read, for whom and that there is more",
  (_, tool, args) => {
    const long = "x".repeat(5_000);
    const text = textOf(
      approvalCard(
        card({
          tool,
          line: `Run this:\n${JSON.stringify(args)}`,
          arguments: JSON.stringify(args),
          isRepeat: true,
          taintedBy: Array.from({ length: 9 }, (__, n) =>
            boundTaint(`https://evil${n}.example/${long}`),
          ),
          requester: `Ann ${long}`,
          place: `Garden ${long}`,
        }),
        true,
      ),
    );
    expect(text.length).toBeLessThan(ONE_MESSAGE + 1_500);
    for (const part of [
      "https://evil4.example/…",
      "and 4 more",
      "For ",
      "Ann",
      "Garden",
      "This is not all of it: ",
      "agent-runtime approvals show act_06fvr3c8k3v9qd7mk3v9",
      "open until 2026-11-21 03:55 UTC",
    ])
      expect(text).toContain(part);
  },
);

test("nothing on a card is unseen or turned round, wherever it came from", () => {
  const hidden = "Pay \u202e001 ruoe\u202c to B\u200bob\u{e0041}";
  const body = approvalCard(
    card({
      line: hidden,
      arguments: JSON.stringify({ [hidden]: hidden }),
      taintedBy: [hidden],
      requester: hidden,
      place: hidden,
    }),
    true,
  );
  const said = approvalCard(
    card({ tool: REPLY, arguments: JSON.stringify({ text: hidden, is_cut_off: false }) }),
    true,
  );
  const failed = unfulfilledCard(body, { kind: "failed", why: hidden });
  const call = { tool: "post", line: `${hidden}\n`.repeat(9_000), tainted_by: "[]" };
  const reminder = reminderOf({ id: "act_1", expires_at_ms: 0, ...call });
  expect(JSON.stringify([body, said, failed, reminder])).not.toMatch(/\p{Cf}/u);
  expect(textOf(reminder).length).toBeLessThan(ONE_MESSAGE);
  expect(textOf(body)).toContain("Pay \\\\u202e001 ruoe\\\\u202c to B\\\\u200bob");
});
