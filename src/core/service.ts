/** Anything that runs for long. `app/lifecycle.ts` starts them in order and stops them in reverse. */
export interface Service {
  readonly name: string;
  /** Settles when it is ready. Rejects when it cannot run; then nothing of it runs. */
  start(signal: AbortSignal): Promise<void>;
  /** Idempotent, safe before `start`; settles when nothing it began still runs. */
  stop(): Promise<void>;
}
