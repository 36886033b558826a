// Which folder under src/ may import which (besides itself), as docs/architecture.md explains. The only place where
// the arrows are declared: the layer check and its test read this table.
const MEANS = ["store", "orchestrator", "llm", "qmd", "sandbox"];
export const SERVICES = ["gateway", "delivery", "agent", "tools", "scheduler", "health"];
const service = ["operations", ...MEANS, "core"];

export const MAY_IMPORT = {
  cli: ["client", "app", "config", "core"],
  tui: ["client", "core"],
  app: ["config", "connectors", "http-api", ...SERVICES, "operations", ...MEANS, "core"], // everything below but client
  "http-api": ["operations", "store", "client", "core"], // client holds the shapes of requests and answers
  connectors: ["core"],
  ...Object.fromEntries(SERVICES.map((name) => [name, service])), // never one another ...
  agent: [...service, "tools"], // ... save that the agent calls tools
  operations: ["store", "core"],
  orchestrator: ["store", "core"],
  llm: ["store", "core"], // the metered gate commits with its caller's claim
  store: ["core"],
  qmd: ["core"],
  sandbox: ["core"],
  config: ["core"],
  client: ["core"],
  core: [],
};

// Folders whose types, and only those, others may name as well: a service is handed its section of the config.
export const MAY_IMPORT_TYPES = Object.fromEntries(SERVICES.map((name) => [name, ["config"]]));
