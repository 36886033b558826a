import type { Route } from "./route.ts";
import { approvalRoutes } from "./routes/approval-routes.ts";
import { chatRoute } from "./routes/chat-route.ts";
import { contextRoutes } from "./routes/context-routes.ts";
import { conversationRoutes } from "./routes/conversation-routes.ts";
import { deadLetterRoutes } from "./routes/dead-letter-routes.ts";
import { deliveryRoutes } from "./routes/delivery-routes.ts";
import { docsRoutes } from "./routes/docs-routes.ts";
import { eventsRoute } from "./routes/events-route.ts";
import { explainRoute } from "./routes/explain-route.ts";
import { healthRoutes } from "./routes/health-routes.ts";
import { infoRoute } from "./routes/info-route.ts";
import { keyRoutes } from "./routes/key-routes.ts";
import { mcpRoutes } from "./routes/mcp-routes.ts";
import { pairingRoutes } from "./routes/pairing-routes.ts";
import { sessionRoutes } from "./routes/session-routes.ts";
import { spendRoute } from "./routes/spend-route.ts";
import { taskRoutes } from "./routes/task-routes.ts";
import { userRoutes } from "./routes/user-routes.ts";
import { workspaceRoutes } from "./routes/workspace-routes.ts";

/** Every operation of the API. `/docs`, `/openapi.json` and the check of docs/api.md all read this table. */
export const ROUTES: readonly Route[] = [
  ...healthRoutes,
  ...docsRoutes(() => ROUTES),
  infoRoute,
  chatRoute,
  ...conversationRoutes,
  ...taskRoutes,
  explainRoute,
  ...approvalRoutes,
  ...deliveryRoutes,
  ...deadLetterRoutes,
  spendRoute,
  eventsRoute,
  ...pairingRoutes,
  ...userRoutes,
  ...keyRoutes,
  ...workspaceRoutes,
  ...contextRoutes,
  ...mcpRoutes,
  ...sessionRoutes,
];
