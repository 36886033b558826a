import { accessGuardContract } from "./access-guard-contract.ts";
import { addressContract } from "./address-contract.ts";
import { approvalContract } from "./approval-contract.ts";
import { commitContract } from "./commit-contract.ts";
import { counterContract } from "./counter-contract.ts";
import { deliveryContract } from "./delivery-contract.ts";
import { editContract } from "./edit-contract.ts";
import { fileGuardContract } from "./file-guard-contract.ts";
import { guardContract } from "./guard-contract.ts";
import { mcpToolContract } from "./mcp-tool-contract.ts";
import { memoryContract } from "./memory-contract.ts";
import { overdueContract } from "./overdue-contract.ts";
import { queueContract } from "./queue-contract.ts";
import { routeContract } from "./route-contract.ts";
import { spendContract } from "./spend-contract.ts";
import type { StoreBackend } from "./store-backend.ts";
import { taskContract } from "./task-contract.ts";

/** Everything a store and its queue must do, whatever database they stand on. */
export function storeContract(kind: StoreBackend): void {
  commitContract(kind);
  counterContract(kind);
  guardContract(kind);
  deliveryContract(kind);
  accessGuardContract(kind);
  addressContract(kind);
  fileGuardContract(kind);
  editContract(kind);
  queueContract(kind);
  routeContract(kind);
  overdueContract(kind);
  spendContract(kind);
  approvalContract(kind);
  memoryContract(kind);
  mcpToolContract(kind);
  taskContract(kind);
}
