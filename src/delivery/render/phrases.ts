/** What a person reads when there is nothing to say, below what still grows, and before what may be arriving a second time. */
export const EMPTY_REPLY = "(empty reply)";
export const ONLY_BUTTONS = "Choose one:";
export const IN_THE_FILE = "The whole text is in the file.";
export const GROWING = "\n(still writing …)";
export const REPEATED = "(may be a repeat)\n";
