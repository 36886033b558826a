import type { ToolClass } from "../core/tool/tool-facts.ts";
import type { ChannelsInfo, ExtensionsInfo, ModelInfo } from "./ports.ts";
import type { TriageRules } from "./triage.ts";

/** What the gateway decides by, besides the facts of a message. */
export interface Rules {
  readonly channels: ChannelsInfo;
  readonly model: ModelInfo;
  readonly extensions: ExtensionsInfo;
  /** 0: no limit. */
  readonly inboundMaxPerMinute: number;
  readonly triage: TriageRules;
  /** Of these nobody approves what they asked for themselves. */
  readonly twoPersonClasses: readonly ToolClass[];
}
