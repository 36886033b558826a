/** A command that the reader may press. Nothing happens until they do. */
export interface CommandOffer {
  readonly label: string;
  /** Begins with a slash. */
  readonly command: string;
}
