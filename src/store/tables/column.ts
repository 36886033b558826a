/** 0 or 1. */
export type Flag = number;
/** Raised by one with every change of the row; what `seen` compares. */
export type Version = number;
