/** Which text in a group is for us: only what mentions us, answers us or is a command, or all of it. */
export type Addressing = "mention" | "all";
