/** A command that the reader may press. Nothing happens until they do. */
export interface CommandOffer {
  readonly label: string;
  /** Begins with a slash. */
  readonly command: string;
}

/** What stands before commands that are offered, and before one that nobody is given a button for. */
export const OFFERED = "A command does that. Send it, or press its button: ";
export const TO_TYPE = "I do that only when you type it: ";

const LONGEST_SHOWN = 120;

/** The commands of offers as somebody might type them; a long one is cut. */
export function shownCommands(offers: readonly CommandOffer[]): readonly string[] {
  return offers.map(({ command }) =>
    command.length > LONGEST_SHOWN ? `${command.slice(0, LONGEST_SHOWN).toWellFormed()}…` : command,
  );
}
