import { type RuntimeInfo, runtimeInfo } from "../../client/shapes/info.ts";
import { unixSeconds } from "../../client/shapes/instant.ts";
import { toIso } from "../../core/clock.ts";
import { route } from "../route.ts";

export const infoRoute = route({
  method: "get",
  path: "/api/v1/info",
  summary: "Version, model, channels and their state, and who you are.",
  permission: "read:status",
  responses: { 200: { description: "The runtime.", schema: runtimeInfo } },
  handle({ context, actor }, { ports, version, startedAtMs }) {
    const info: RuntimeInfo = {
      name: "agent-runtime",
      version,
      model: ports.modelName(),
      channels: [...ports.listChannels()],
      user: { id: actor.userId ?? "", display_name: actor.displayName, role: actor.role ?? "" },
      started_at_unix: unixSeconds(startedAtMs),
      started_at: toIso(startedAtMs),
    };
    return context.json(info);
  },
});
