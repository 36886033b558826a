/** A set of words and phrases, each found only as a whole: `ban` is in "ban him!", not in "urban". */
export function anyOf(...patterns: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join("|")})(?![\\p{L}\\p{N}])`, "u");
}

/** The same, at the very start only. */
export function startsWithAnyOf(...patterns: readonly string[]): RegExp {
  return new RegExp(`^(?:${patterns.join("|")})(?![\\p{L}\\p{N}])`, "u");
}
