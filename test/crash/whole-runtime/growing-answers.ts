import { writeFileSync } from "node:fs";
import type { Sent } from "../../support/bot-api/chats.ts";
import { ripeFile } from "./program-protocol.ts";
import type { Scene } from "./scene.ts";

/** Stands below what is not whole yet. */
export const GROWING = "(still writing …)";

/** Lets an answer be whole once it was seen to grow, or was given up: then nobody knows whether it is seen. */
export async function ripen(
  { telegram, directory, until, rows }: Scene,
  plant: string,
): Promise<void> {
  await until(`a ${plant} that has grown`, () =>
    telegram.sent.some((one) => isGrowing(one, plant) && one.edits > 0) ||
    isGivenUp({ rows }, plant)
      ? true
      : undefined,
  );
  writeFileSync(ripeFile(directory, plant), "");
}

/** An admin of the group deletes an answer that still grows, and the runtime finds out. */
export async function pullUp({ telegram, until, rows }: Scene, plant: string): Promise<void> {
  await until(`the end of what shows a ${plant}`, () => {
    for (const one of telegram.sent) if (isGrowing(one, plant)) telegram.delete(one);
    return isGivenUp({ rows }, plant) ? true : undefined;
  });
}

const isGrowing = ({ text, deleted }: Sent, plant: string): boolean =>
  !deleted && text.includes(`grow a ${plant}`) && text.endsWith(GROWING);

const isGivenUp = ({ rows }: Pick<Scene, "rows">, plant: string): boolean =>
  rows(
    `select id from deliveries where kind = 'draft' and state = 'failed' and body like '%grow a ${plant}%'`,
  ).length > 0;
