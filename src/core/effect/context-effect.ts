import type { Addressing } from "../message/addressing.ts";
import type { Address } from "../message/inbound-message.ts";

/** What may change about workspaces and conversations. */
export type ContextEffect =
  | {
      readonly type: "create-workspace";
      readonly id: string;
      readonly name: string;
      readonly ownerUserId: string | null;
      /** Somebody chose the name: conflict when it is the key (`nameKeyOf`) of another that was chosen. */
      readonly isNameChosen?: true;
    }
  | {
      readonly type: "create-context";
      readonly id: string;
      readonly workspaceId: string;
      readonly address: Address;
      readonly kind: "private" | "group";
      readonly title: string;
      /** What holds there from the start; else nothing is set. */
      readonly holds?: ContextHolds;
    }
  | { readonly type: "move-context"; readonly id: string; readonly workspaceId: string }
  | RelocateContext
  | ForwardAddress
  | ChangeContext;

/** The same conversation has another address on its platform. Conflict when it moved on, or somebody is there already. */
interface RelocateContext {
  readonly type: "relocate-context";
  readonly id: string;
  readonly fromExternalId: string;
  readonly toExternalId: string;
}

/**
 * What still comes under an address that a chat has left belongs to this conversation, whoever else is there. For good:
 * an address that leads on already goes on leading where it led.
 */
interface ForwardAddress {
  readonly type: "forward-address";
  readonly address: Address;
  readonly contextId: string;
}

/** What holds in a conversation from now on, all of it. Conflict when it changed since it was read. */
interface ChangeContext extends ContextSettings {
  readonly type: "change-context";
  readonly id: string;
  readonly fromVersion: number;
}

export interface ContextSettings extends ContextHolds {
  readonly workspaceId: string;
  /** Whether admins are told here of what fails, in its workspace or (`hub`) in all, and who said so. */
  readonly supervision: { readonly of: "workspace" | "hub"; readonly userId: string } | null;
}

/** How we behave in a conversation. */
export interface ContextHolds {
  /** What admins want the model to know here. */
  readonly prompt: string | null;
  /** `null`: as the configuration says for groups. */
  readonly addressing: Addressing | null;
  readonly isTriaged: boolean;
}
