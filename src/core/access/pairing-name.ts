/**
 * Who asks to be let in, for whoever decides: `telegram 2002 (Ann)`. What the platform vouches for stands first, because
 * anybody can call themselves anything.
 */
export function nameRequester(request: {
  readonly connector: string;
  readonly externalUserId: string;
  readonly displayName: string;
}): string {
  const { connector, externalUserId, displayName } = request;
  const id = `${connector} ${externalUserId}`;
  return displayName === "" ? id : `${id} (${displayName})`;
}
