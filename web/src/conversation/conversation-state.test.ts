import { expect, test } from "vitest";
import type {
  ConversationItem,
  ConversationPage,
} from "../../../src/client/shapes/conversation.ts";
import {
  type ConversationState,
  INITIAL_CONVERSATION,
  withDraft,
  withOlderPage,
  withoutOlder,
  withNewestPage as withPage,
} from "./conversation-state.ts";

function item(kind: ConversationItem["kind"], id: string): ConversationItem {
  return {
    kind,
    id,
    message_id: id,
    text: `text of ${id}`,
    spoken: `words of ${id}`,
    buttons: [],
    outcome: "",
    reason: "",
    run_state: "",
    created_at_unix: 0,
    created_at: "2026-01-01T00:00:00.000Z",
  };
}
function page(items: ConversationItem[], is_working: boolean): ConversationPage {
  return { context_id: "ctx_1", items, count: items.length, next_before: null, is_working };
}

/** A page that was asked for just now. */
function withNewestPage(state: ConversationState, newest: ConversationPage): ConversationState {
  return withPage(state, newest, state.drafts);
}

const QUESTION = item("message", "msg_1");
const ANSWER = item("reply", "dlv_1");

test("a draft grows in place and makes room for the answer", () => {
  let state = withNewestPage(INITIAL_CONVERSATION, page([QUESTION], true));
  state = withDraft(state, { contextId: "ctx_1", runId: "run_1", text: "Hel" });
  state = withDraft(state, { contextId: "ctx_1", runId: "run_1", text: "Hello" });
  expect(state.drafts).toEqual([{ contextId: "ctx_1", runId: "run_1", text: "Hello" }]);
  state = withNewestPage(state, page([QUESTION], true));
  expect(state.drafts).toHaveLength(1);
  state = withNewestPage(state, page([QUESTION, ANSWER], false));
  expect(state.drafts).toEqual([]);
});

test("a draft of a turn that ended without an answer goes away", () => {
  let state = withDraft(withNewestPage(INITIAL_CONVERSATION, page([QUESTION], true)), {
    contextId: "ctx_1",
    runId: "run_1",
    text: "Hel",
  });
  state = withNewestPage(state, page([QUESTION], false));
  expect(state.drafts).toEqual([]);
});

test("announces answers that come, not those that were there", () => {
  let state = withNewestPage(INITIAL_CONVERSATION, page([QUESTION, item("reply", "dlv_0")], false));
  expect(state.announcement).toBe("");
  state = withNewestPage(state, page([QUESTION, item("reply", "dlv_0"), ANSWER], false));
  expect(state.announcement).toBe("words of dlv_1");
});

test("drafts of other conversations are not shown", () => {
  const state = withNewestPage(INITIAL_CONVERSATION, page([QUESTION], true));
  expect(withDraft(state, { contextId: "ctx_2", runId: "run_2", text: "secret" })).toBe(state);
});

test("a page left open keeps a bounded history, and can load the rest again", () => {
  const older = Array.from({ length: 300 }, (_, index) => item("message", `old_${index}`));
  let state = withNewestPage(INITIAL_CONVERSATION, {
    ...page([QUESTION], false),
    next_before: "before_1",
  });
  state = withOlderPage(state, page(older, false));
  expect(state.history).toMatchObject({ olderCursor: undefined });
  state = withoutOlder(state);
  expect(state.history).toEqual({ items: [QUESTION], olderCursor: "before_1" });
});

test("a draft that came while an older page was on its way is not lost", () => {
  const draft = { contextId: "ctx_1", runId: "run_1", text: "Hel" };
  const drafted = withDraft(INITIAL_CONVERSATION, draft);
  expect(withPage(drafted, page([], false), []).drafts).toEqual([draft]);
  expect(withPage(drafted, page([QUESTION], true), []).drafts).toEqual([draft]);
});

test("before the first message any draft may be ours; then only those of this conversation stay", () => {
  const drafted = withDraft(INITIAL_CONVERSATION, {
    contextId: "ctx_2",
    runId: "run_2",
    text: "x",
  });
  expect(withNewestPage(drafted, page([QUESTION], true)).drafts).toEqual([]);
});
