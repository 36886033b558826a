import type { DeadLetterPage } from "../../../src/client/shapes/dead-letter.ts";
import type { DeliveryPage, MovedDelivery } from "../../../src/client/shapes/delivery.ts";
import type { Explanation } from "../../../src/client/shapes/explanation.ts";
import type { DeliveryState } from "../../../src/core/delivery/delivery.ts";
import { pageQuery } from "./page-query.ts";
import { request } from "./request.ts";

export async function listDeliveries(
  state: DeliveryState | undefined,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<DeliveryPage> {
  const query = pageQuery(cursor, state === undefined ? {} : { state });
  return (await request(`/api/v1/deliveries?${query}`, { signal })) as DeliveryPage;
}

export async function replayDelivery(id: string, signal: AbortSignal): Promise<MovedDelivery> {
  const body = { delivery_id: id };
  return (await request("/api/v1/deliveries/replay", {
    method: "POST",
    body,
    signal,
  })) as MovedDelivery;
}

export async function dropDelivery(id: string, reason: string, signal: AbortSignal): Promise<void> {
  const body = { delivery_id: id, ...reasonFor(reason) };
  await request("/api/v1/deliveries/drop", { method: "POST", body, signal });
}

/** What became of a message, a sentence a line. */
export async function explainMessage(id: string, signal: AbortSignal): Promise<readonly string[]> {
  const path = `/api/v1/messages/${encodeURIComponent(id)}/explain`;
  const { lines } = (await request(path, { signal })) as Explanation;
  return lines;
}

export async function listDeadLetters(
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<DeadLetterPage> {
  return (await request(`/api/v1/dead-letters?${pageQuery(cursor)}`, { signal })) as DeadLetterPage;
}

export async function replayDeadLetter(id: string, signal: AbortSignal): Promise<void> {
  await request("/api/v1/dead-letters/replay", { method: "POST", body: { job_id: id }, signal });
}

export async function dropDeadLetter(
  id: string,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const body = { job_id: id, ...reasonFor(reason) };
  await request("/api/v1/dead-letters/drop", { method: "POST", body, signal });
}

/** An empty reason is left to the server, which has words of its own. */
function reasonFor(reason: string): { reason?: string } {
  return reason === "" ? {} : { reason };
}
