import type { ToolClass } from "../core/tool/tool-facts.ts";
import type { OperationDeps } from "./operation.ts";

/** What approvals are asked for and decided with. */
export interface ApprovalDeps extends OperationDeps {
  /** Of these classes nobody approves what they asked for themselves. */
  readonly twoPersonClasses: readonly ToolClass[];
}
