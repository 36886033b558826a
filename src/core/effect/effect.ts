import type { AccessEffect } from "./access-effect.ts";
import type { ApprovalEffect } from "./approval-effect.ts";
import type { ContextEffect } from "./context-effect.ts";
import type { DeliveryEffect } from "./delivery-effect.ts";
import type { FileEffect } from "./file-effect.ts";
import type { JobEffect } from "./job-effect.ts";
import type { McpToolEffect } from "./mcp-tool-effect.ts";
import type { MemoryEffect } from "./memory-effect.ts";
import type { MessageEffect } from "./message-effect.ts";
import type { PairingEffect } from "./pairing-effect.ts";
import type { PeopleEffect } from "./people-effect.ts";
import type { RunEffect } from "./run-effect.ts";
import type { SpendEffect } from "./spend-effect.ts";
import type { TaskEffect } from "./task-effect.ts";

/**
 * Everything a step may change, as plain data. `store/effects/` holds one case each.
 * An effect whose guard no longer holds (state moved on, row is there already) makes the whole commit a conflict,
 * unless its comment says otherwise.
 */
export type Effect =
  | ContextEffect
  | PeopleEffect
  | AccessEffect
  | PairingEffect
  | MessageEffect
  | MemoryEffect
  | FileEffect
  | DeliveryEffect
  | RunEffect
  | SpendEffect
  | ApprovalEffect
  | McpToolEffect
  | TaskEffect
  | JobEffect;

export type EffectOf<T extends Effect["type"]> = Extract<Effect, { type: T }>;
