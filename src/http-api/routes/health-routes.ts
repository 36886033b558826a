import { healthStatus, notReadyStatus, readyStatus } from "../../client/shapes/info.ts";
import { publicRoute, route } from "../route.ts";

const healthz = publicRoute({
  method: "get",
  path: "/healthz",
  summary: "Tells that the process runs.",
  responses: { 200: { description: "It runs.", schema: healthStatus } },
  handle: ({ context }) => context.json({ status: "ok" }),
});

const readyz = publicRoute({
  method: "get",
  path: "/readyz",
  summary:
    "Tells whether the store takes writes and a worker finishes them; waits up to five seconds.",
  responses: {
    200: { description: "It does.", schema: readyStatus },
    503: { description: "It does not, and why.", schema: notReadyStatus },
  },
  async handle({ context }, { ports }) {
    const readiness = await ports.checkReadiness();
    return readiness.isReady
      ? context.json({ status: "ready" })
      : context.json({ status: "not-ready", reasons: readiness.reasons }, 503);
  },
});

const metrics = route({
  method: "get",
  path: "/metrics",
  summary:
    "Numbers for Prometheus: messages by outcome, jobs and deliveries by state, loop lag, memory.",
  permission: "read:status",
  responses: { 200: { description: "Prometheus text format.", contentType: "text/plain" } },
  async handle(_request, { ports }) {
    return new Response(await ports.renderMetrics(), {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    });
  },
});

export const healthRoutes = [healthz, readyz, metrics];
