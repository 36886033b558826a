const ANSWER_WITHIN_MS = 3_000;

export interface ServiceToAsk {
  /** Where the running service said it listens. */
  readonly servedUrl: string | undefined;
  /** The owner's key, when this account may read it. */
  readonly key: string | undefined;
}

/** What the running service answers on a path; `undefined` when it cannot be asked. Never rejects. */
export async function askService(
  { servedUrl, key }: ServiceToAsk,
  path: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (servedUrl === undefined || key === undefined) return undefined;
  try {
    const response = await fetch(`${servedUrl}${path}`, {
      headers: { authorization: `Bearer ${key}` },
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    return ((await response.json()) as Readonly<Record<string, unknown>> | null) ?? undefined;
  } catch {
    // That it does not answer is told by the check of the service.
    return undefined;
  }
}
