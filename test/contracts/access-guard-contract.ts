import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Role } from "../../src/core/access/role.ts";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { commit } from "./fixtures.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

const HOUR_MS = 60 * 60_000;

interface Person {
  readonly userId: string;
  readonly identityId: string;
}

/** What every store must refuse to change of who gets in. */
export function accessGuardContract(kind: StoreBackend): void {
  describe(`guards of access on ${kind.name}`, () => {
    let backend: OpenedBackend;
    beforeEach(async () => {
      backend = await kind.open();
    });
    afterEach(async () => {
      await backend.close();
    });

    async function write(...effects: readonly Effect[]): Promise<void> {
      expect(await commit(backend, effects)).toBe("committed");
    }
    async function everything() {
      const { store } = backend;
      return {
        users: await store.list((db) => db.selectFrom("users").selectAll().orderBy("id")),
        identities: await store.list((db) => db.selectFrom("identities").selectAll().orderBy("id")),
        keys: await store.list((db) => db.selectFrom("api_keys").selectAll().orderBy("id")),
        sessions: await store.list((db) => db.selectFrom("sessions").selectAll()),
        codes: await store.list((db) => db.selectFrom("login_codes").selectAll()),
      };
    }
    async function refuses(...effects: readonly Effect[]): Promise<void> {
      const before = await everything();
      expect(await commit(backend, effects)).toBe("conflict");
      expect(await everything()).toEqual(before);
    }
    async function aPerson(role: Role): Promise<Person> {
      const { effects, ...person } = newPerson(role);
      await write(...effects);
      return person;
    }
    async function aKey(role: Role = "member") {
      const person = await aPerson(role);
      const key = newKey(person.userId);
      await write(key);
      return { ...person, key };
    }

    test("changes a role only from what was read", async () => {
      const { userId } = await aPerson("member");
      await refuses(setRole(userId, 0, "admin"));
      await refuses(setRole(userId, 2, "admin"));
      await write(setRole(userId, 1, "admin"));
      await refuses(setRole(userId, 1, "viewer"));
      expect((await everything()).users).toMatchObject([{ role: "admin", version: 2 }]);
    });

    test("takes the role from no last overlord, whoever else there is", async () => {
      const last = await aPerson("overlord");
      await aPerson("admin");
      await aKey("overlord");
      const former = await aPerson("overlord");
      await write(unlink(former, 1));
      await refuses(setRole(last.userId, 1, "admin"));
      await refuses(unlink(last, 1));
      await aPerson("overlord");
      await write(setRole(last.userId, 1, "admin"));
    });

    test("of two overlords only one can take the role from both", async () => {
      const [one, two] = [await aPerson("overlord"), await aPerson("overlord")];
      const results = await Promise.all([
        commit(backend, [setRole(one.userId, 1, "viewer")], {
          seen: [{ table: "users", id: two.userId, version: 1 }],
        }),
        commit(backend, [setRole(two.userId, 1, "viewer")], {
          seen: [{ table: "users", id: one.userId, version: 1 }],
        }),
      ]);
      expect(results.filter((result) => result === "committed")).toHaveLength(1);
    });

    test("an overlord loses an account as long as another one stays", async () => {
      const person = await aPerson("overlord");
      const second = link(person.userId);
      await write(second);
      await write(unlink(person, 1));
      await refuses(unlink({ userId: person.userId, identityId: second.id }, 2));
    });

    test("unlinks an account once, of the user it is of, as that was read; with pages and codes", async () => {
      const person = await aPerson("member");
      const other = await aPerson("member");
      await write(...waysIn(person.userId), ...waysIn(other.userId));
      await refuses(unlink(person, 2));
      await refuses(unlink({ ...person, userId: other.userId }, 1));
      await write(unlink(person, 1));
      await refuses(unlink(person, 2));
      const left = await everything();
      expect(left.identities).toMatchObject([{ id: other.identityId }]);
      expect(left.sessions).toMatchObject([{ user_id: other.userId }]);
      expect(left.codes).toMatchObject([{ user_id: other.userId }]);
    });

    test("keeps no second key of one hash, of one id or of one user", async () => {
      const { key } = await aKey();
      const { userId } = await aPerson("member");
      await refuses({ ...newKey(userId), hash: key.hash });
      await refuses({ ...newKey(userId), id: key.id });
      await refuses(newKey(key.userId));
    });

    test("revokes a key once, of its own user, with every way in it opened", async () => {
      const { key, userId } = await aKey();
      const other = await aPerson("member");
      await write(...waysIn(userId));
      await refuses({ ...revoke(key), userId: other.userId });
      await write(revoke(key));
      await refuses(revoke(key));
      const left = await everything();
      expect(left.identities).toMatchObject([{ user_id: other.userId }]);
      expect(left.users.find(({ id }) => id === userId)).toMatchObject({ version: 2 });
      expect([...left.sessions, ...left.codes]).toEqual([]);
      expect(left.keys).toMatchObject([
        { revoked_by: "idn_judge", revoked_at_ms: expect.any(Number) },
      ]);
    });

    test("notes the use of a key once in a while, and never of a revoked one", async () => {
      const { key } = await aKey();
      const start = backend.clock.now();
      const touch = async (now: number) => {
        const effect = { type: "touch-key", id: key.id, ifBeforeMs: now - HOUR_MS } as const;
        expect(await commit(backend, [effect], { now })).toBe("committed");
        return (await everything()).keys[0]?.last_used_at_ms;
      };
      expect((await everything()).keys).toMatchObject([{ last_used_at_ms: null }]);
      expect(await touch(start)).toBe(start);
      expect(await touch(start + HOUR_MS)).toBe(start);
      const later = start + HOUR_MS + 1;
      expect(await touch(later)).toBe(later);
      await write(revoke(key));
      expect(await touch(later + 2 * HOUR_MS)).toBe(later);
    });
  });
}

function newPerson(role: Role): Person & { readonly effects: readonly Effect[] } {
  const userId = newId("usr");
  const workspaceId = newId("ws");
  const identity = link(userId);
  return {
    userId,
    identityId: identity.id,
    effects: [
      { type: "create-workspace", id: workspaceId, name: role, ownerUserId: userId },
      { type: "create-user", id: userId, displayName: role, role, workspaceId },
      identity,
    ],
  };
}

function link(userId: string): EffectOf<"link-identity"> {
  const id = newId("idn");
  return {
    type: "link-identity",
    id,
    userId,
    connector: "telegram",
    externalUserId: id,
    displayName: "Ada",
  };
}

function newKey(userId: string): EffectOf<"create-key"> {
  const id = newId("key");
  return {
    type: "create-key",
    id,
    userId,
    name: "build",
    prefix: "ark_k3v9qd7m",
    hash: `hash of ${id}`,
    createdBy: "idn_judge",
  };
}

function revoke({ id, userId }: EffectOf<"create-key">): EffectOf<"revoke-key"> {
  return { type: "revoke-key", id, userId, revokedBy: "idn_judge" };
}

function setRole(userId: string, fromVersion: number, role: Role): Effect {
  return { type: "set-role", userId, fromVersion, role };
}

function unlink({ userId, identityId }: Person, fromVersion: number): Effect {
  return { type: "unlink-identity", id: identityId, userId, fromVersion };
}

function waysIn(userId: string): readonly Effect[] {
  return [
    { type: "create-session", tokenHash: `session ${userId}`, userId, expiresAtMs: 1 },
    { type: "create-login-code", codeHash: `code ${userId}`, userId, expiresAtMs: 1 },
  ];
}
