import type { Role } from "../../src/core/access/role.ts";

/**
 * What each role may do at every mouth of the product, written down apart from the table that decides, so that a change
 * there is seen here. A mouth without a line fails the walk.
 */
export const ROUTE_WALK: Record<string, readonly [least: Role | "anyone", body?: object]> = {
  "GET /healthz": ["anyone"],
  "GET /readyz": ["anyone"],
  "GET /docs": ["anyone"],
  "GET /openapi.json": ["anyone"],
  "POST /api/v1/session": ["anyone", { code: "0000" }],
  "GET /metrics": ["viewer"],
  "GET /api/v1/info": ["viewer"],
  "POST /api/v1/chat": ["member", { external_id: "walk", text: "/help" }],
  "GET /api/v1/conversation": ["viewer"],
  "POST /api/v1/conversation/messages": ["member", { text: "/help", message_id: "walk" }],
  "POST /api/v1/tasks": ["member", { prompt: "walk" }],
  "GET /api/v1/tasks": ["viewer"],
  "POST /api/v1/tasks/cancel": ["member", { task_id: "task_00000000" }],
  "POST /api/v1/tasks/retry": ["member", { task_id: "task_00000000" }],
  "POST /api/v1/tasks/route": ["operator", { task_id: "task_00000000", route_class: "issue" }],
  "GET /api/v1/messages/{id}/explain": ["viewer"],
  "GET /api/v1/deliveries": ["operator"],
  "POST /api/v1/deliveries/replay": ["operator", { delivery_id: "dlv_00000000" }],
  "POST /api/v1/deliveries/drop": ["operator", { delivery_id: "dlv_00000000" }],
  "GET /api/v1/dead-letters": ["admin"],
  "POST /api/v1/dead-letters/replay": ["admin", { dead_letter_id: "job_00000000" }],
  "POST /api/v1/dead-letters/drop": ["admin", { dead_letter_id: "job_00000000" }],
  "GET /api/v1/events": ["viewer"],
  "GET /api/v1/pairings": ["admin"],
  "POST /api/v1/pairings/start": [
    "admin",
    { connector: "telegram", connector_user_id: "42", display_name: "Ann" },
  ],
  "GET /api/v1/pairings/lookup": ["admin"],
  "POST /api/v1/pairings/approve": ["admin", { token: "0000-0000" }],
  "POST /api/v1/pairings/deny": ["admin", { token: "0000-0000" }],
  "POST /api/v1/pairings/link": ["overlord"],
  "GET /api/v1/users": ["admin"],
  "POST /api/v1/users/role": ["overlord", { user_id: "usr_00000000", role: "viewer" }],
  "POST /api/v1/users/unlink": ["overlord", { identity_id: "idn_00000000" }],
  "GET /api/v1/keys": ["overlord"],
  "POST /api/v1/keys": ["overlord", { name: "walk", role: "viewer" }],
  "POST /api/v1/keys/revoke": ["overlord", { key_id: "key_00000000" }],
  "POST /api/v1/login-codes": ["viewer"],
  "DELETE /api/v1/session": ["viewer"],
};

/** Commands by name, with what is written after them. Strangers may use those of `anyone`. */
export const COMMAND_WALK: Record<string, readonly [least: Role | "anyone", args?: string]> = {
  help: ["anyone"],
  pair: ["anyone"],
  status: ["viewer"],
  tasks: ["viewer"],
  explain: ["viewer"],
  task: ["member", "walk"],
  cancel: ["member", "task_00000000"],
  route: ["operator", "task_00000000 issue"],
  approve: ["admin", "0000-0000"],
  deny: ["admin", "0000-0000"],
};

/** What the terminal asks of a running service. */
export const TERMINAL_WALK: Record<string, readonly [least: Role, ...args: string[]]> = {
  chat: ["member", "hello"],
  "tasks list": ["viewer"],
  "tasks show": ["viewer", "task_00000000"],
  "tasks retry": ["member", "task_00000000"],
  "tasks route": ["operator", "task_00000000", "issue"],
  "tasks cancel": ["member", "task_00000000"],
  explain: ["viewer", "msg_00000000"],
  "deliveries list": ["operator"],
  "deliveries replay": ["operator", "dlv_00000000"],
  "deliveries drop": ["operator", "dlv_00000000"],
  "dead-letters list": ["admin"],
  "dead-letters replay": ["admin", "job_00000000"],
  "dead-letters drop": ["admin", "job_00000000"],
  "pairing list": ["admin"],
  "pairing start": ["admin", "--connector-user-id", "43", "--display-name", "Bob"],
  "pairing lookup": ["admin", "0000-0000"],
  "pairing approve": ["admin", "0000-0000"],
  "pairing deny": ["admin", "0000-0000"],
  "pairing link": ["overlord"],
  "users list": ["admin"],
  "users role": ["overlord", "usr_00000000", "viewer"],
  "users unlink": ["overlord", "idn_00000000"],
  "keys list": ["overlord"],
  "keys create": ["overlord", "--name", "walk", "--role", "viewer"],
  "keys revoke": ["overlord", "key_00000000"],
  login: ["viewer"],
};

/** What the terminal does beside a service, with the rights of the account that runs it. */
export const TERMINAL_ALONE = [
  "serve",
  "doctor",
  "config show",
  "audit head",
  "audit verify",
  "version",
];
