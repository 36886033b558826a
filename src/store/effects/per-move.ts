/** One value a distinct (from, to), made when first asked for; the states are few, so it stays small. */
export function perMove<S extends string, V>(
  make: (from: readonly S[], to: S) => V,
): (from: readonly S[], to: S) => V {
  const made = new Map<string, V>();
  return (from, to) => {
    const key = `${from.join()}>${to}`;
    const value = made.get(key) ?? make(from, to);
    made.set(key, value);
    return value;
  };
}
