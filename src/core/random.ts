/** A number from 0 up to 1, for jitter; never for a secret. */
export const systemRandom = (): number => Math.random();
