/** The variable that an operator's own file names; not one of ours. Empty means unset. */
export function environmentVariable(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}
