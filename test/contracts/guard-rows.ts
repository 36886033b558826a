import type { DeliveryState } from "../../src/core/delivery/delivery.ts";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import type { Conversation } from "./fixtures.ts";

export function elsewhere(context: EffectOf<"create-context">): Effect {
  return { ...context, address: { ...context.address, externalId: "-55" } };
}

export function aDelivery({ contextId }: Conversation): EffectOf<"queue-delivery"> {
  return {
    type: "queue-delivery",
    id: newId("dlv"),
    contextId,
    address: { connector: "telegram", account: "77", externalId: "1001" },
    kind: "send",
    body: [],
    replyToExternalId: null,
    messageId: null,
    runId: null,
    taskId: null,
    job: null,
  };
}

export function moveDelivery(
  id: string,
  fromVersion: number,
  to: DeliveryState,
): EffectOf<"move-delivery"> {
  return {
    type: "move-delivery",
    id,
    fromVersion,
    to,
    parts: null,
    partsSent: 0,
    receipts: "[]",
    marked: false,
    error: null,
  };
}

export function aPairing(): EffectOf<"create-pairing"> {
  const id = newId("pair");
  return {
    type: "create-pairing",
    id,
    codeHash: `hash of ${id}`,
    codeHint: "k3",
    connector: "telegram",
    externalUserId: "7",
    displayName: "Ada",
    contextId: null,
    userId: null,
    role: null,
    slot: 1,
    expiresAtMs: 1,
  };
}

export function decidePairing(id: string, status: EffectOf<"decide-pairing">["status"]): Effect {
  return {
    type: "decide-pairing",
    id,
    status,
    decidedBy: "idn_1",
    approverUserId: "usr_1",
    reason: null,
    userId: null,
  };
}

export function aRun(place: Conversation): EffectOf<"create-run"> {
  return {
    type: "create-run",
    id: newId("run"),
    kind: "turn",
    ...place,
    userId: null,
    messageId: null,
    taskId: null,
    taint: false,
  };
}

/** It waits, so that it needs no job, and may hold reservations and open approvals. */
export function aParkedRun(place: Conversation): [EffectOf<"create-run">, Effect] {
  const run = aRun(place);
  const park = { from: ["queued"], to: "parked", model: null, error: null } as const;
  return [run, { type: "move-run", id: run.id, ...park }];
}

/** A started step of a run; the run is over, so that it needs no job. */
export function aStep(place: Conversation): {
  id: string;
  runId: string;
  effects: readonly Effect[];
} {
  const run = aRun(place);
  const id = newId("step");
  return {
    id,
    runId: run.id,
    effects: [
      run,
      { type: "move-run", id: run.id, from: ["queued"], to: "failed", model: null, error: "e" },
      {
        type: "start-step",
        id,
        runId: run.id,
        number: 1,
        kind: "model",
        name: "m",
        requestDigest: "d",
      },
    ],
  };
}
