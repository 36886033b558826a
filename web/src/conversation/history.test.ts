import { expect, test } from "vitest";
import type {
  ConversationItem,
  ConversationPage,
} from "../../../src/client/shapes/conversation.ts";
import { EMPTY_HISTORY, mergeNewest, mergeOlder } from "./history.ts";

function item(id: string, outcome = "answered"): ConversationItem {
  return {
    kind: "message",
    id,
    message_id: id,
    text: id,
    spoken: "",
    buttons: [],
    outcome,
    reason: "",
    run_state: "",
    created_at_unix: 0,
    created_at: "2026-01-01T00:00:00.000Z",
  };
}
function pageOf(items: ConversationItem[], next_before: string | null): ConversationPage {
  return { context_id: "ctx_1", items, count: items.length, next_before, is_working: false };
}
function page(ids: string[], nextBefore: string | null = null): ConversationPage {
  return pageOf(
    ids.map((id) => item(id)),
    nextBefore,
  );
}
function idsOf(history: { items: readonly ConversationItem[] }): string[] {
  return history.items.map((entry) => entry.id);
}

test("keeps older pages when the newest page touches them", () => {
  const first = mergeNewest(EMPTY_HISTORY, page(["c", "d"], "before-c"));
  const longer = mergeOlder(first, page(["a", "b"], "before-a"));
  const merged = mergeNewest(longer, page(["d", "e", "f"], "before-d"));
  expect(idsOf(merged)).toEqual(["a", "b", "c", "d", "e", "f"]);
  expect(merged.olderCursor).toBe("before-a");
});

test("the server's word about an item replaces ours, also when something came between", () => {
  const known = mergeNewest(EMPTY_HISTORY, pageOf([item("a"), item("b", "pending")], null));
  const merged = mergeNewest(
    known,
    pageOf([item("a"), item("b", "failed"), item("r"), item("c")], null),
  );
  expect(idsOf(merged)).toEqual(["a", "b", "r", "c"]);
  expect(merged.items[1]?.outcome).toBe("failed");
});

test("drops what lies beyond a gap instead of hiding the gap", () => {
  const known = mergeNewest(EMPTY_HISTORY, page(["a", "b"], null));
  const merged = mergeNewest(known, page(["x", "y"], "before-x"));
  expect(idsOf(merged)).toEqual(["x", "y"]);
  expect(merged.olderCursor).toBe("before-x");
});

test("an older page asked for twice is shown once, and the last page ends the scrolling", () => {
  const known = mergeNewest(EMPTY_HISTORY, page(["c"], "before-c"));
  const once = mergeOlder(known, page(["a", "b"], null));
  const twice = mergeOlder(once, page(["a", "b"], null));
  expect(idsOf(twice)).toEqual(["a", "b", "c"]);
  expect(twice.olderCursor).toBeUndefined();
});

test("an item that did not change stays the same object", () => {
  const known = mergeNewest(EMPTY_HISTORY, page(["a", "b"]));
  const merged = mergeNewest(known, pageOf([item("a"), item("b", "failed")], null));
  expect(merged.items[0]).toBe(known.items[0]);
  expect(merged.items[1]).not.toBe(known.items[1]);
});
