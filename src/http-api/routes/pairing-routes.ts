import { unixSeconds } from "../../client/shapes/instant.ts";
import {
  type ApprovedPairingView,
  approvedPairing,
  approvePairingRequest,
  type DeniedPairingView,
  deniedPairing,
  denyPairingRequest,
  type PairingLink,
  type PairingPage,
  pairingLink,
  pairingPage,
  pairingQuery,
  pairingsQuery,
  pairingView,
  type StartedPairingView,
  startedPairing,
  startPairingRequest,
} from "../../client/shapes/pairing.ts";
import { toIso } from "../../core/clock.ts";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { approvePairing } from "../../operations/approve-pairing.ts";
import { denyPairing } from "../../operations/deny-pairing.ts";
import { listPairings } from "../../operations/list-pairings.ts";
import { lookupPairing } from "../../operations/lookup-pairing.ts";
import { unlessRefused } from "../../operations/refused.ts";
import { requestOwnerLink } from "../../operations/request-owner-link.ts";
import { requestPairing } from "../../operations/request-pairing.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import { toPairingView, toRequester } from "../pairing-view.ts";
import { route } from "../route.ts";

const list = route({
  method: "get",
  path: "/api/v1/pairings",
  summary: "People who ask to be let in, the oldest request first, a page at a time.",
  permission: "decide:pairing",
  query: pairingsQuery,
  responses: { 200: { description: "A page of the pending requests.", schema: pairingPage } },
  async handle({ context, actor, query }, { store, clock }) {
    const now = clock.now();
    const page = await listPairings({ store, now }, actor, query);
    const answer: PairingPage = {
      items: page.items.map((row) => toPairingView(row, now)),
      count: page.items.length,
      next_cursor: page.nextCursor,
    };
    return context.json(answer);
  },
});

const start = route({
  method: "post",
  path: "/api/v1/pairings/start",
  summary: "Asks for somebody else, by the id their platform vouches for, and gives the code.",
  permission: "decide:pairing",
  body: startPairingRequest,
  responses: { 201: { description: "A code to be approved.", schema: startedPairing } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "request-pairing", actor: actor.id, cause: newId("commit") };
    const { code, pairing, startedAtMs, expiresAtMs } = await commitDecision(deps, step, (now) =>
      requestPairing({ store: deps.store, now }, actor, {
        connector: body.connector,
        externalUserId: body.connector_user_id,
        displayName: body.display_name,
        validMs: body.expires_in_sec * 1_000,
      }),
    );
    const answer: StartedPairingView = {
      id: pairing.id,
      token: code,
      token_hint: pairing.codeHint,
      connector: body.connector,
      connector_user_id: body.connector_user_id,
      display_name: body.display_name,
      status: "pending",
      approved_user_id: "",
      approver_user_id: "",
      denied_reason: "",
      expired_reason: "",
      created_at_unix: unixSeconds(startedAtMs),
      created_at: toIso(startedAtMs),
      expires_at_unix: unixSeconds(expiresAtMs),
      expires_at: toIso(expiresAtMs),
    };
    return context.json(answer, 201);
  },
});

const lookup = route({
  method: "get",
  path: "/api/v1/pairings/lookup",
  summary: "What has become of the request behind a code.",
  permission: "decide:pairing",
  query: pairingQuery,
  responses: { 200: { description: "The request.", schema: pairingView } },
  async handle({ context, actor, query }, deps) {
    const step = { name: "lookup-pairing", actor: actor.id, cause: newId("commit") };
    const found = await commitDecision(deps, step, (now) =>
      lookupPairing({ store: deps.store, now }, actor, query.token),
    );
    return context.json(toPairingView(unlessRefused(found).pairing, deps.clock.now()));
  },
});

const approve = route({
  method: "post",
  path: "/api/v1/pairings/approve",
  summary: "Lets a person in, as a member unless another role is named.",
  permission: "decide:pairing",
  body: approvePairingRequest,
  responses: { 200: { description: "The person is paired.", schema: approvedPairing } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "approve-pairing", actor: actor.id, cause: newId("commit") };
    const decided = await commitDecision(deps, step, (now) =>
      approvePairing({ store: deps.store, now }, actor, {
        code: body.token,
        role: body.role,
        targetUserId: body.target_user_id,
        claimedUserId: body.approver_user_id,
      }),
    );
    const done = unlessRefused(decided);
    const answer: ApprovedPairingView = {
      id: done.pairing.id,
      status: done.status,
      approved_user_id: done.userId,
      approver_user_id: done.approverUserId,
      identity_id: done.identityId,
      ...toRequester(done.pairing),
      role: done.role,
    };
    return context.json(answer);
  },
});

const deny = route({
  method: "post",
  path: "/api/v1/pairings/deny",
  summary: "Turns a person away, with all their open codes.",
  permission: "decide:pairing",
  body: denyPairingRequest,
  responses: { 200: { description: "The person was told.", schema: deniedPairing } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "deny-pairing", actor: actor.id, cause: newId("commit") };
    const decided = await commitDecision(deps, step, (now) =>
      denyPairing({ store: deps.store, now }, actor, {
        code: body.token,
        reason: body.reason,
        claimedUserId: body.approver_user_id,
      }),
    );
    const done = unlessRefused(decided);
    const answer: DeniedPairingView = {
      id: done.pairing.id,
      status: done.status,
      approver_user_id: done.approverUserId,
      denied_reason: done.reason,
      ...toRequester(done.pairing),
    };
    return context.json(answer);
  },
});

const link = route({
  method: "post",
  path: "/api/v1/pairings/link",
  summary:
    "Makes a link that pairs the owner's own Telegram account; it works once, for ten minutes.",
  permission: "manage:access",
  responses: { 201: { description: "The link.", schema: pairingLink } },
  async handle({ context, actor }, deps) {
    const bot = deps.ports.listChannels().find(({ connector }) => connector === "telegram");
    if (bot === undefined || bot.account === "") throw noBot();
    const step = { name: "create-owner-link", actor: actor.id, cause: newId("commit") };
    const { code, expiresAtMs } = await commitDecision(deps, step, (now) =>
      requestOwnerLink({ store: deps.store, now }, actor, { connector: "telegram" }),
    );
    const answer: PairingLink = {
      url: `https://t.me/${bot.account}?start=${code}`,
      expires_at_unix: unixSeconds(expiresAtMs),
      expires_at: toIso(expiresAtMs),
    };
    return context.json(answer, 201);
  },
});

function noBot(): AppError {
  return new AppError(
    "conflict",
    "No Telegram bot is connected. Set AGENT_RUNTIME_TELEGRAM_TOKEN, start again, and look at /status.",
  );
}

export const pairingRoutes = [list, start, lookup, approve, deny, link];
