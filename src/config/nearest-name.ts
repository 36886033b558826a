import { editDistance } from "../core/edit-distance.ts";

/** The name most like `wanted`, or `undefined` when none is near: at most a third of its letters may differ. */
export function nearestName(wanted: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, distance: editDistance(wanted, name) }))
    .filter(({ name, distance }) => distance <= Math.max(wanted.length, name.length) / 3)
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.name;
}
