/** What two names have in common that people would take for the same: letters great or small, wide or narrow, spaces. */
export function nameKeyOf(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
}
