const NAMESPACE = "agent-runtime";

/** Marks a part of a message as what we say of the files that came with it; no text can pretend to be that. */
export function markFiles(lines: readonly string[]) {
  return { [NAMESPACE]: { files: [...lines] } };
}

/** The files that a part tells of, a line each; `undefined` when it is no such part. */
export function filesMarkedBy(part: {
  readonly providerOptions?:
    | Readonly<Record<string, Readonly<Record<string, unknown>>>>
    | undefined;
}): readonly string[] | undefined {
  const lines = part.providerOptions?.[NAMESPACE]?.["files"];
  return Array.isArray(lines) ? lines.map(String) : undefined;
}
