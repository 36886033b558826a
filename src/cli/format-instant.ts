/** `2026-11-21 03:55 UTC` of what the API gives, a dash when there is nothing. */
export function formatInstant(iso: string | null): string {
  return iso === null ? "-" : `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
