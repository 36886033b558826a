import { createContext } from "react";

/** Sends a text as a message. */
export const SayContext = createContext<(text: string) => void>(() => undefined);

/** Sends a command as a message: what buttons in answers do. Presses with one `pressId` are one message. */
export const PressContext = createContext<(command: string, pressId?: string) => void>(
  () => undefined,
);

/** The ids of the messages that are sent or on their way: a press is among them. */
export const SaidContext = createContext<ReadonlySet<string>>(new Set());
