import type { Permission } from "../../core/access/permission.ts";
import type { Seen } from "../../core/effect/commit.ts";
import type { Effect } from "../../core/effect/effect.ts";
import type { RichText } from "../../core/rich-text/rich-text.ts";
import type { ToolClass } from "../../core/tool/tool-facts.ts";
import type { ModelDeps } from "../../operations/start-model.ts";
import type { MessageFacts } from "../message-facts.ts";
import type { ChannelsInfo, ExtensionsInfo, ModelInfo } from "../ports.ts";

/** One call of a command. */
export interface CommandCall {
  readonly deps: ModelDeps;
  readonly facts: MessageFacts;
  /** What followed the command's name, exactly. */
  readonly args: string;
  /** What others wrote may have made it: a button of a model that had read that. */
  readonly isTainted: boolean;
  readonly channels: ChannelsInfo;
  readonly model: ModelInfo;
  readonly extensions: ExtensionsInfo;
  /** Off: no group is triaged, whatever it opted in to. */
  readonly isTriageEnabled: boolean;
  /** Of these nobody approves what they asked for themselves. */
  readonly twoPersonClasses: readonly ToolClass[];
}

/** What a command says and does; whoever ran it commits that and settles the message. */
export interface CommandResult {
  readonly reply: RichText;
  readonly effects?: readonly Effect[];
  readonly seen?: readonly Seen[];
  /** Set when the message became this task: then that is its outcome, else it is answered. */
  readonly taskId?: string;
  readonly reason?: string;
  /** The reply is a copy of this card. */
  readonly card?: string;
}

/** A row of the table that drives `/help`, the menus of the channels and the docs. */
export interface Command {
  /** As typed, without its slash; dashes, no underscores. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** As shown after the name: `<needed>`, `[optional]`, or empty. */
  readonly args: string;
  /** At most 100 characters, for the menus. */
  readonly summary: string;
  /** `anyone`: also people who are not paired. */
  readonly permission: Permission | "anyone";
  /** What it takes in a group, where that is more. */
  readonly permissionInGroups?: Permission;
  /** Nobody may be led to run it by a button that somebody else's words made. */
  readonly isTypedOnly?: true;
  /** Its buttons count only under what the runtime says of itself, never under what a model wrote. */
  readonly isOursToOffer?: true;
  /** Refused where the model may not be set to work. */
  readonly setsModelToWork?: true;
  /** @throws AppError whose message is the reply. */
  readonly run: (call: CommandCall) => Promise<CommandResult>;
}
