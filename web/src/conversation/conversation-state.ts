import type {
  ConversationItem,
  ConversationPage,
} from "../../../src/client/shapes/conversation.ts";
import type { Draft } from "../live/draft.ts";
import { EMPTY_HISTORY, type History, mergeNewest, mergeOlder } from "./history.ts";

/** More than this, and what is older is read anew when somebody scrolls there again. */
const KEPT_ITEMS = 200;

export interface ConversationState {
  /** Empty before the first message. */
  readonly contextId: string;
  readonly history: History;
  /** The newest page as last read. */
  readonly newest: ConversationPage | undefined;
  readonly isLoaded: boolean;
  /** A turn of this conversation is going on. */
  readonly isRunning: boolean;
  readonly drafts: readonly Draft[];
  /** The answer that came last while this page was open: what a screen reader is told. */
  readonly announcement: string;
}

export const INITIAL_CONVERSATION: ConversationState = {
  contextId: "",
  history: EMPTY_HISTORY,
  newest: undefined,
  isLoaded: false,
  isRunning: false,
  drafts: [],
  announcement: "",
};

/** `draftsBefore`: those there when the page was asked for. Later ones may be of a turn the page does not know yet. */
export function withNewestPage(
  state: ConversationState,
  page: ConversationPage,
  draftsBefore: readonly Draft[],
): ConversationState {
  const history = mergeNewest(state.history, page);
  const arrived = state.isLoaded ? newReplies(state.history, history) : [];
  // An answer has come or nothing runs: what was drafted is said. A turn that goes on drafts its whole text again.
  const areSaid = !page.is_working || arrived.length > 0;
  const drafts = state.drafts.filter((draft) => draft.contextId === page.context_id);
  return {
    contextId: page.context_id,
    history,
    newest: page,
    isLoaded: true,
    isRunning: page.is_working,
    drafts: areSaid ? drafts.filter((draft) => !draftsBefore.includes(draft)) : drafts,
    announcement:
      arrived.length === 0 ? state.announcement : arrived.map(({ spoken }) => spoken).join("\n"),
  };
}

/** Lets go of what the reader has scrolled past, so that a page left open does not grow without end. */
export function withoutOlder(state: ConversationState): ConversationState {
  const { newest, history } = state;
  if (newest === undefined || history.items.length <= KEPT_ITEMS) return state;
  return { ...state, history: mergeNewest(EMPTY_HISTORY, newest) };
}

export function withOlderPage(state: ConversationState, page: ConversationPage): ConversationState {
  return { ...state, history: mergeOlder(state.history, page) };
}

/** Drafts of other conversations, as other channels make them, are let go as soon as it is known which this one is. */
export function withDraft(state: ConversationState, draft: Draft): ConversationState {
  if (state.contextId !== "" && draft.contextId !== state.contextId) return state;
  const others = state.drafts.filter((other) => other.runId !== draft.runId);
  return { ...state, drafts: [...others, draft] };
}

function newReplies(before: History, after: History): readonly ConversationItem[] {
  const known = new Set(before.items.map((item) => item.id));
  return after.items.filter((item) => item.kind === "reply" && !known.has(item.id));
}
