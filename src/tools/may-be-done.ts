/** Told the model when nobody knows how a call ended that is more than a read. */
export const MAY_BE_DONE =
  "Whether it was done all the same is not known: do not simply repeat it.";
