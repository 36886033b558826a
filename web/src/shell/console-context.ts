import { createContext, useContext } from "react";
import type { Role } from "../../../src/core/access/role.ts";
import type { Follower } from "../live/create-followers.ts";
import type { Waiting } from "./create-waiting.ts";

/** What a view needs of the page around it. */
export interface ConsoleContextValue extends Waiting {
  readonly userId: string;
  readonly role: Role | undefined;
  /** A bot of ours is known there. */
  readonly hasTelegram: boolean;
  /** Reads now, and again whenever something changed. Returns how to stop. */
  follow(follower: Follower): () => void;
  /** The session has ended. */
  expire(): void;
}

export const ConsoleContext = createContext<ConsoleContextValue | undefined>(undefined);

export function useConsole(): ConsoleContextValue {
  const value = useContext(ConsoleContext);
  if (value === undefined) throw new Error("used outside of the console");
  return value;
}
