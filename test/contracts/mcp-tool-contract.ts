import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EffectOf } from "../../src/core/effect/effect.ts";
import { mcpToolById } from "../../src/store/queries/mcp-tools.ts";
import { commit } from "./fixtures.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

const id = "mcp_files__read";
const pin = (isApproved: boolean): EffectOf<"pin-mcp-tool"> => ({
  type: "pin-mcp-tool",
  id,
  server: "files",
  name: "read",
  definition: "{}",
  digest: "one",
  isApproved,
});
const change = (fromVersion: number, digest: string): EffectOf<"change-mcp-tool"> => ({
  type: "change-mcp-tool",
  id,
  fromVersion,
  to: { definition: `{"${digest}":1}`, digest },
});
const approve = (digest: string): EffectOf<"approve-mcp-tool"> => ({
  type: "approve-mcp-tool",
  id,
  digest,
  approvedBy: "idn_1",
});

/** What a server says of its tools is in force only as far as it was approved. */
export function mcpToolContract(kind: StoreBackend): void {
  describe(`tools of MCP servers on ${kind.name}`, () => {
    let backend: OpenedBackend;
    beforeEach(async () => {
      backend = await kind.open();
    });
    afterEach(() => backend.close());
    const row = async () => {
      const found = await backend.store.first(mcpToolById, { id });
      return [found?.digest, found?.waiting_digest, found?.approved_by, found?.version];
    };

    test("are pinned once, as approved or as waiting", async () => {
      expect(await commit(backend, [pin(true)])).toBe("committed");
      expect(await row()).toEqual(["one", null, null, 1]);
      expect(await commit(backend, [pin(true)])).toBe("conflict");
    });

    test("that come later wait until exactly what waits is approved", async () => {
      await commit(backend, [pin(false)]);
      expect(await row()).toEqual([null, "one", null, 1]);
      expect(await commit(backend, [approve("other")])).toBe("conflict");
      expect(await commit(backend, [approve("one")])).toBe("committed");
      expect(await row()).toEqual(["one", null, "idn_1", 2]);
      expect(await commit(backend, [approve("one")])).toBe("conflict");
    });

    test("that change keep what was approved beside what waits", async () => {
      await commit(backend, [pin(true)]);
      expect(await commit(backend, [change(1, "two")])).toBe("committed");
      expect(await row()).toEqual(["one", "two", null, 2]);
      expect(await commit(backend, [change(1, "three")])).toBe("conflict");
      await commit(backend, [change(2, "three")]);
      expect(await commit(backend, [approve("two")])).toBe("conflict");
      await commit(backend, [{ ...change(3, ""), to: null }]);
      expect(await row()).toEqual(["one", null, null, 4]);
    });
  });
}
