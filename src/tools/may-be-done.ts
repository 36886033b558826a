/** Told the model when nobody knows how a call ended that is more than a read; `isInDoubt` knows it by this. */
export const MAY_BE_DONE =
  "Whether it was done all the same is not known: do not simply repeat it.";

/** Whether what a failed call says leaves open that it was done. */
export function isInDoubt(text: string): boolean {
  return text.endsWith(MAY_BE_DONE);
}
