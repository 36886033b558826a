import { explanation, idParams } from "../../client/shapes/explanation.ts";
import { explainMessage } from "../../operations/explain-message.ts";
import { toExplanationView } from "../explanation-view.ts";
import { route } from "../route.ts";

export const explainRoute = route({
  method: "get",
  path: "/api/v1/messages/{id}/explain",
  summary: "The whole way of a message: who, which rule, which run, which delivery.",
  permission: "read:messages",
  params: idParams,
  responses: { 200: { description: "Its way so far.", schema: explanation } },
  async handle({ context, actor, params }, { store, clock }) {
    const found = await explainMessage({ store, now: clock.now() }, actor, {
      text: params.id,
      contextId: null,
    });
    return context.json(toExplanationView(found));
  },
});
