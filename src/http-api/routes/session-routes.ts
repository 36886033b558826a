import { unixSeconds } from "../../client/shapes/instant.ts";
import {
  type CreatedLoginCode,
  createdLoginCode,
  type OpenedSession,
  openedSession,
  openSessionRequest,
} from "../../client/shapes/session.ts";
import { toIso } from "../../core/clock.ts";
import { newId } from "../../core/ids.ts";
import { createLoginCode } from "../../operations/create-login-code.ts";
import { endSession } from "../../operations/end-session.ts";
import { useLoginCode } from "../../operations/use-login-code.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import { publicRoute, route } from "../route.ts";
import { clearSessionCookie, readSessionCookie, setSessionCookie } from "../session-cookie.ts";

const open = publicRoute({
  method: "post",
  path: "/api/v1/session",
  summary: "Trades the one-time code of a login link for the page's cookie.",
  body: openSessionRequest,
  responses: { 201: { description: "The cookie is set.", schema: openedSession } },
  async handle({ context, body }, deps) {
    // Who it is shows only in the code: until then nobody acts but the runtime.
    const step = { name: "use-login-code", actor: "system", cause: newId("commit") };
    const session = await commitDecision(deps, step, (now) =>
      useLoginCode({ store: deps.store, now }, body),
    );
    setSessionCookie(context, session.token, unixSeconds(session.expiresAtMs - deps.clock.now()));
    const { id, displayName, role } = session.user;
    const answer: OpenedSession = {
      user: { id, display_name: displayName, role },
      expires_at_unix: unixSeconds(session.expiresAtMs),
      expires_at: toIso(session.expiresAtMs),
    };
    return context.json(answer, 201);
  },
});

const end = route({
  method: "delete",
  path: "/api/v1/session",
  summary: "Ends the page's session.",
  permission: "read:status",
  responses: { 204: { description: "It has ended." } },
  async handle({ context, actor }, deps) {
    const token = readSessionCookie(context);
    if (token !== undefined) {
      const step = { name: "end-session", actor: actor.id, cause: newId("commit") };
      await commitDecision(deps, step, async () => endSession({ token }));
    }
    clearSessionCookie(context);
    return context.body(null, 204);
  },
});

const createCode = route({
  method: "post",
  path: "/api/v1/login-codes",
  summary: "Makes a login link for the page, for yourself; it works once, for ten minutes.",
  permission: "read:status",
  responses: { 201: { description: "The link.", schema: createdLoginCode } },
  async handle({ context, actor }, deps) {
    const step = { name: "create-login-code", actor: actor.id, cause: newId("commit") };
    const { code, expiresAtMs } = await commitDecision(deps, step, (now) =>
      createLoginCode({ store: deps.store, now }, { userId: actor.userId ?? "" }),
    );
    const answer: CreatedLoginCode = {
      code,
      url: `${deps.publicUrl()}/#login=${code}`,
      expires_at_unix: unixSeconds(expiresAtMs),
      expires_at: toIso(expiresAtMs),
    };
    return context.json(answer, 201);
  },
});

export const sessionRoutes = [open, end, createCode];
