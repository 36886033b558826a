import type { CreatedKey, CreateKeyRequest, KeyPage } from "../../../src/client/shapes/key.ts";
import type {
  ApprovedPairingView,
  ApprovePairingRequest,
  DeniedPairingView,
  DenyPairingRequest,
  PairingLink,
  PairingPage,
  PairingView,
  StartedPairingView,
  StartPairingRequest,
} from "../../../src/client/shapes/pairing.ts";
import type {
  ChangedRole,
  ChangeRoleRequest,
  UnlinkedIdentity,
  UserPage,
} from "../../../src/client/shapes/user.ts";
import { pageQuery } from "./page-query.ts";
import { request } from "./request.ts";

async function post(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  return await request(path, { method: "POST", body, signal });
}

export async function listPairings(
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<PairingPage> {
  return (await request(`/api/v1/pairings?${pageQuery(cursor)}`, { signal })) as PairingPage;
}

export async function lookUpPairing(token: string, signal: AbortSignal): Promise<PairingView> {
  const query = new URLSearchParams({ token });
  return (await request(`/api/v1/pairings/lookup?${query}`, { signal })) as PairingView;
}

export async function startPairing(
  body: StartPairingRequest,
  signal: AbortSignal,
): Promise<StartedPairingView> {
  return (await post("/api/v1/pairings/start", body, signal)) as StartedPairingView;
}

export async function approvePairing(
  body: ApprovePairingRequest,
  signal: AbortSignal,
): Promise<ApprovedPairingView> {
  return (await post("/api/v1/pairings/approve", body, signal)) as ApprovedPairingView;
}

export async function denyPairing(
  body: DenyPairingRequest,
  signal: AbortSignal,
): Promise<DeniedPairingView> {
  return (await post("/api/v1/pairings/deny", body, signal)) as DeniedPairingView;
}

export async function createPairingLink(signal: AbortSignal): Promise<PairingLink> {
  return (await request("/api/v1/pairings/link", { method: "POST", signal })) as PairingLink;
}

export async function listUsers(
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<UserPage> {
  return (await request(`/api/v1/users?${pageQuery(cursor)}`, { signal })) as UserPage;
}

export async function changeRole(
  body: ChangeRoleRequest,
  signal: AbortSignal,
): Promise<ChangedRole> {
  return (await post("/api/v1/users/role", body, signal)) as ChangedRole;
}

export async function unlinkIdentity(
  identityId: string,
  signal: AbortSignal,
): Promise<UnlinkedIdentity> {
  const body = { identity_id: identityId };
  return (await post("/api/v1/users/unlink", body, signal)) as UnlinkedIdentity;
}

export async function listKeys(cursor: string | undefined, signal: AbortSignal): Promise<KeyPage> {
  return (await request(`/api/v1/keys?${pageQuery(cursor)}`, { signal })) as KeyPage;
}

export async function createKey(body: CreateKeyRequest, signal: AbortSignal): Promise<CreatedKey> {
  return (await post("/api/v1/keys", body, signal)) as CreatedKey;
}

export async function revokeKey(keyId: string, signal: AbortSignal): Promise<void> {
  await post("/api/v1/keys/revoke", { key_id: keyId }, signal);
}
