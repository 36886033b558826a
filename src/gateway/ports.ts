import type { ConnectorName } from "../core/message/inbound-message.ts";
import type { SpendRules } from "../core/spend/spend-rules.ts";

/** What the gateway tells of the connectors, and needs to know of them. */
export interface ChannelsInfo {
  list(): readonly {
    readonly connector: string;
    /** The bot or key it speaks for; empty before it has said who it is. */
    readonly account: string;
    readonly state: string;
    /** What is wrong and what to do about it; empty when nothing is. */
    readonly message: string;
  }[];
  /** Our name there as people type it after an `@`, without it; `undefined` when unknown or there is none. */
  botName(connector: ConnectorName, account: string): string | undefined;
  /** Whether the platform gives us all that is said in groups there; `undefined` when unknown. */
  hearsGroups(connector: ConnectorName, account: string): boolean | undefined;
}

/** What the operator has added to the agent's tools. */
export interface ExtensionsInfo {
  /** The files that say something else by now than they said when they were read, at the start. */
  listChangedFiles(): readonly string[];
}

export interface ModelInfo {
  /** As shown to people. */
  name(): string;
  readonly spendRules: SpendRules;
}
