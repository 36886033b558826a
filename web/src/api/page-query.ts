const PAGE_SIZE = 50;

/** The query for a page of a list: its first, or the one at `cursor`. */
export function pageQuery(
  cursor: string | undefined,
  filter: Readonly<Record<string, string>> = {},
): URLSearchParams {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...filter });
  if (cursor !== undefined) query.set("cursor", cursor);
  return query;
}
