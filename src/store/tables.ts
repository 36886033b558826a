import type { ApprovalsTable } from "./tables/approvals.ts";
import type { AuditTable, MigrationsTable, SettingsTable } from "./tables/bookkeeping.ts";
import type { ButtonUsesTable } from "./tables/button-uses.ts";
import type { DeliveriesTable } from "./tables/deliveries.ts";
import type { FilesTable } from "./tables/files.ts";
import type { JobsTable, LeasesTable, ProbesTable } from "./tables/jobs.ts";
import type { McpToolsTable } from "./tables/mcp-tools.ts";
import type { ConversationStartsTable, RulesTable, SummariesTable } from "./tables/memory.ts";
import type { CursorsTable, DedupeTable, MessagesTable } from "./tables/messages.ts";
import type {
  ApiKeysTable,
  ContextsTable,
  CountersTable,
  FormerAddressesTable,
  IdentitiesTable,
  LoginCodesTable,
  PairingsTable,
  SessionsTable,
  UsersTable,
  WorkspacesTable,
} from "./tables/people.ts";
import type { RunStepsTable, RunsTable, SpendTable, UsageTable } from "./tables/runs.ts";
import type { TasksTable } from "./tables/tasks.ts";

/** Every table there is, by its name in SQL; the rows of each stand in `tables/`. */
export interface Tables {
  workspaces: WorkspacesTable;
  contexts: ContextsTable;
  former_addresses: FormerAddressesTable;
  users: UsersTable;
  identities: IdentitiesTable;
  pairings: PairingsTable;
  api_keys: ApiKeysTable;
  messages: MessagesTable;
  files: FilesTable;
  dedupe: DedupeTable;
  cursors: CursorsTable;
  deliveries: DeliveriesTable;
  button_uses: ButtonUsesTable;
  jobs: JobsTable;
  leases: LeasesTable;
  tasks: TasksTable;
  runs: RunsTable;
  run_steps: RunStepsTable;
  approvals: ApprovalsTable;
  mcp_tools: McpToolsTable;
  usage: UsageTable;
  spend: SpendTable;
  rules: RulesTable;
  conversation_starts: ConversationStartsTable;
  summaries: SummariesTable;
  counters: CountersTable;
  audit: AuditTable;
  login_codes: LoginCodesTable;
  sessions: SessionsTable;
  probes: ProbesTable;
  settings: SettingsTable;
  migrations: MigrationsTable;
}
