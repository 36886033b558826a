/** What a measurement is held against. `ratio`: beside something simpler, run in the same minute on the same machine. */
export interface Finding {
  /** What was measured, in the words of the table. */
  readonly name: string;
  readonly value: number;
  readonly unit: "×" | "ms" | "MB" | "bytes a message" | "a message";
  /** Absent: a figure to know, not to meet. */
  readonly aim?: { readonly kind: "at least" | "at most" | "under"; readonly value: number };
  /** What is known to stand in the way, told when the aim is missed. */
  readonly ifMissed?: string;
  /** What lies behind it, by name: rates, absolute times, the single rounds. */
  readonly details: Readonly<Record<string, number | string | readonly number[]>>;
}

export interface Measurement {
  readonly title: string;
  /** What is compared with what, and how it was counted. */
  readonly method: string;
  run(place: Place): Promise<readonly Finding[]>;
}

/** Where measurements put their files: a directory on the disk of this checkout, taken away at the end. */
export interface Place {
  /** A new empty directory. */
  makeDirectory(): string;
}

export function isMet({ value, aim }: Finding): boolean | undefined {
  switch (aim?.kind) {
    case undefined:
      return undefined;
    case "at least":
      return value >= aim.value;
    case "at most":
      return value <= aim.value;
    case "under":
      return value < aim.value;
  }
}
