/** Where something stands in a text: from `start` up to `end`, without it. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}
