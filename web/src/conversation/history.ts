import type {
  ConversationItem,
  ConversationPage,
} from "../../../src/client/shapes/conversation.ts";

export interface History {
  /** Oldest first, without gaps. */
  readonly items: readonly ConversationItem[];
  /** Where older ones begin; `undefined` when this is all there is. */
  readonly olderCursor: string | undefined;
}

export const EMPTY_HISTORY: History = { items: [], olderCursor: undefined };

/** Puts the newest page over what is known. Where the two do not touch, the older part would leave a gap: it goes. */
export function mergeNewest(known: History, page: ConversationPage): History {
  const fresh = new Set(page.items.map((item) => item.id));
  const items = page.items.map((item) => sameAsKnown(known, item));
  const touches = known.items.findIndex((item) => fresh.has(item.id));
  const cursor = page.next_before ?? undefined;
  if (touches <= 0) return { items, olderCursor: cursor };
  return { items: [...known.items.slice(0, touches), ...items], olderCursor: known.olderCursor };
}

/** Puts an older page in front of what is known. */
export function mergeOlder(known: History, page: ConversationPage): History {
  const present = new Set(known.items.map((item) => item.id));
  const older = page.items.filter((item) => !present.has(item.id));
  return { items: [...older, ...known.items], olderCursor: page.next_before ?? undefined };
}

/** The object we have, where nothing about it changed: then it need not be drawn again. */
function sameAsKnown(known: History, item: ConversationItem): ConversationItem {
  const before = known.items.findLast((other) => other.id === item.id);
  return before !== undefined && JSON.stringify(before) === JSON.stringify(item) ? before : item;
}
