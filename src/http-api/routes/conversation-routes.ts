import {
  type ConversationPage,
  conversationPage,
  conversationQuery,
  type PostedMessage,
  postedMessage,
  postMessageRequest,
} from "../../client/shapes/conversation.ts";
import type { Actor } from "../../core/access/actor.ts";
import type { Address } from "../../core/message/inbound-message.ts";
import { contextByAddress } from "../../store/queries/contexts.ts";
import { acceptMessage } from "../accept-message.ts";
import { readConversation } from "../conversation-page.ts";
import { route } from "../route.ts";

const NOTHING_SAID: ConversationPage = {
  context_id: "",
  items: [],
  count: 0,
  next_before: null,
  is_working: false,
};

/** A user's conversation on the page: one, in whatever browser. */
function pageAddress(actor: Actor): Address {
  const userId = actor.userId ?? actor.id;
  return { connector: "web", account: userId, externalId: userId };
}

const read = route({
  method: "get",
  path: "/api/v1/conversation",
  summary: "Your conversation on the page, oldest first, and whether an answer is under way.",
  permission: "read:messages",
  query: conversationQuery,
  responses: { 200: { description: "A page of it.", schema: conversationPage } },
  async handle({ context, actor, query }, { store }) {
    const conversation = await store.first(contextByAddress, pageAddress(actor));
    if (conversation === undefined) return context.json(NOTHING_SAID);
    return context.json(
      await readConversation(store, {
        contextId: conversation.id,
        limit: query.limit,
        before: query.before,
      }),
    );
  },
});

const post = route({
  method: "post",
  path: "/api/v1/conversation/messages",
  summary: "Says something on the page; the answer comes by events.",
  permission: "converse",
  body: postMessageRequest,
  responses: { 202: { description: "It is in the inbox.", schema: postedMessage } },
  async handle({ context, actor, body }, deps) {
    const message = await acceptMessage(deps, actor, {
      address: pageAddress(actor),
      title: actor.displayName,
      text: body.text,
      messageId: body.message_id,
      isPressed: body.pressed === true,
    });
    const answer: PostedMessage = { id: message.id };
    return context.json(answer, 202);
  },
});

export const conversationRoutes = [read, post];
