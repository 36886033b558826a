import { createContext } from "react";

/** Sends a command as a message: what buttons in answers do. */
export const SayContext = createContext<(text: string) => void>(() => undefined);
