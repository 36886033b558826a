const UNITS = ["bytes", "KB", "MB", "GB"] as const;

/** `12 KB`: in powers of 1,024, whole or with one decimal below ten. */
export function sizeInWords(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1_024 && unit < UNITS.length - 1) {
    size /= 1_024;
    unit += 1;
  }
  const shown = unit > 0 && size < 10 ? size.toFixed(1).replace(/\.0$/, "") : Math.round(size);
  return bytes === 1 ? "1 byte" : `${shown} ${UNITS[unit]}`;
}
