import { unixSeconds } from "../../client/shapes/instant.ts";
import {
  approvePairingRequest,
  type DecidedPairing,
  decidedPairing,
  denyPairingRequest,
  type PairingLink,
  type PairingList,
  type PairingView,
  pairingLink,
  pairingList,
} from "../../client/shapes/pairing.ts";
import { toIso } from "../../core/clock.ts";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { approvePairing } from "../../operations/approve-pairing.ts";
import { denyPairing } from "../../operations/deny-pairing.ts";
import { listPairings } from "../../operations/list-pairings.ts";
import { requestOwnerLink } from "../../operations/request-owner-link.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import type { PairingRow } from "../../store/queries/pairings.ts";
import { route } from "../route.ts";

const list = route({
  method: "get",
  path: "/api/v1/pairings",
  summary: "People who ask to be let in.",
  permission: "decide:pairing",
  responses: { 200: { description: "The pending requests.", schema: pairingList } },
  async handle({ context, actor }, { store, clock }) {
    const rows = await listPairings({ store, now: clock.now() }, actor);
    const answer: PairingList = { items: rows.map(toPairingView), count: rows.length };
    return context.json(answer);
  },
});

function toPairingView(row: PairingRow): PairingView {
  return {
    id: row.id,
    token_hint: row.code_hint,
    connector: row.connector,
    connector_user_id: row.external_user_id ?? "",
    display_name: row.display_name,
    status: row.status,
    expires_at_unix: unixSeconds(row.expires_at_ms),
    expires_at: toIso(row.expires_at_ms),
  };
}

const approve = route({
  method: "post",
  path: "/api/v1/pairings/approve",
  summary: "Lets a person in, as a member unless another role is named.",
  permission: "decide:pairing",
  body: approvePairingRequest,
  responses: { 200: { description: "The person is paired.", schema: decidedPairing } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "approve-pairing", actor: actor.id, cause: newId("commit") };
    const done = await commitDecision(deps, step, (now) =>
      approvePairing({ store: deps.store, now }, actor, body),
    );
    if (done.status === "expired") throw hasExpired();
    return context.json(toDecided(done.pairing, "approved", done.role));
  },
});

const deny = route({
  method: "post",
  path: "/api/v1/pairings/deny",
  summary: "Turns a person away.",
  permission: "decide:pairing",
  body: denyPairingRequest,
  responses: { 200: { description: "The person was told.", schema: decidedPairing } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "deny-pairing", actor: actor.id, cause: newId("commit") };
    const done = await commitDecision(deps, step, (now) =>
      denyPairing({ store: deps.store, now }, actor, body),
    );
    if (done.status === "expired") throw hasExpired();
    return context.json(toDecided(done.pairing, "denied", ""));
  },
});

function hasExpired(): AppError {
  return new AppError("conflict", "This code has run out. The person can send /pair again.");
}

function toDecided(
  row: PairingRow,
  status: DecidedPairing["status"],
  role: string,
): DecidedPairing {
  return { id: row.id, status, display_name: row.display_name, role };
}

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

export const pairingRoutes = [list, approve, deny, link];
