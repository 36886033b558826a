import type { Role } from "./role.ts";

/** Who asks, as established by us (a paired identity, a key, a page session), never as claimed in a message. */
export interface Actor {
  /** Goes to the audit: `idn_…` for a person, `system` for the runtime itself. */
  readonly id: string;
  readonly userId: string | undefined;
  readonly role: Role | undefined;
  readonly displayName: string;
}

/** The runtime acting for itself: recovery, sweeps, start-up. */
export const SYSTEM_ACTOR: Actor = {
  id: "system",
  userId: undefined,
  role: undefined,
  displayName: "agent-runtime",
};
