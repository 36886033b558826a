import { createContext } from "react";

/** Sends a text as a message. */
export const SayContext = createContext<(text: string) => void>(() => undefined);

/** Sends a command as a message: what buttons in answers do. */
export const PressContext = createContext<(command: string) => void>(() => undefined);
