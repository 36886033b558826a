import { expect, test } from "vitest";
import type { ConversationItem } from "../../../src/client/shapes/conversation.ts";
import { describeOutcome } from "./outcome-words.ts";

function message(outcome: string, reason = ""): ConversationItem {
  return {
    kind: "message",
    id: "msg_1",
    message_id: "page-1",
    text: "hi",
    spoken: "",
    buttons: [],
    outcome,
    reason,
    run_state: "",
    created_at_unix: 0,
    created_at: "2026-01-01T00:00:00.000Z",
  };
}

test("says nothing where the answer says it", () => {
  expect(describeOutcome(message("answered"))).toBeUndefined();
  expect(describeOutcome(message("pending"))).toBeUndefined();
});

test("says that people are asked, for as long as they take", () => {
  expect(describeOutcome({ ...message("pending"), run_state: "parked" })?.text).toBe(
    "Waits for an approval.",
  );
});

test("a failure is told as one, with its reason", () => {
  expect(describeOutcome(message("failed", "model_error"))).toEqual({
    tone: "bad",
    text: "Failed: model error.",
  });
  expect(describeOutcome(message("failed"))).toEqual({ tone: "bad", text: "Failed." });
  expect(describeOutcome(message("dropped", "not_paired"))?.text).toMatch(/not paired/);
});

test("a cancelled turn is not shown as a fault", () => {
  expect(describeOutcome(message("failed", "cancelled"))).toEqual({
    tone: "quiet",
    text: "Cancelled.",
  });
});
