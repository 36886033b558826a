/** Every commit and every outside call of a day. A seam that is not here, or is never killed, fails. */
export const OF_A_DAY = [
  "claim",
  "commit approve-pairing",
  "commit ask-to-reply",
  "commit begin-task",
  "commit begin-turn",
  "commit bind-context",
  "commit cancel-task",
  "commit cancel-turn",
  "commit count-file",
  "commit create-owner-link",
  "commit create-task",
  "commit create-workspace",
  "commit decide-approval",
  "commit deliver",
  "commit end-tool-call",
  "commit ensure-owner",
  "commit fail-model-step",
  "commit finish-task",
  "commit finish-turn",
  "commit give-up",
  "commit handle-message",
  "commit leave-draft",
  "commit mark-overdue",
  "commit move-chat",
  "commit park-run",
  "commit plan-rounds",
  "commit project-task-file",
  "commit queue-draft",
  "commit receive-messages",
  "commit reset-context",
  "commit route-task",
  "commit save-file",
  "commit set-setting",
  "commit start-model-step",
  "commit start-tool-call",
  "commit stop-task",
  "commit summarise-conversation",
  "commit sweep",
  "commit taint-run",
  "commit tell-overdue",
  "commit withdraw-buttons",
  "outside answerCallbackQuery",
  "outside deleteMessage",
  "outside editMessageReplyMarkup",
  "outside editMessageText",
  "outside file",
  "outside getFile",
  "outside getMe",
  "outside getUpdates",
  "outside model",
  "outside publish",
  "outside sendChatAction",
  "outside sendDocument",
  "outside sendMessage",
  "outside sendMessageDraft",
  "outside setMyCommands",
];

/** Passed only when a restart meets work that ended just before it. */
export const ONLY_AFTER_DEATHS = [
  "commit task-already-over",
  "commit turn-already-over",
  "commit job-retry",
  "commit recover-tool-calls",
];

/** What admins decide by hand, each a commit of its own. */
export const BY_HAND = [
  "commit deny-pairing",
  "commit create-key",
  "commit change-role",
  "commit unlink-identity",
  "commit revoke-key",
  "commit replay-delivery",
  "commit drop-delivery",
];

/** Every commit and every outside call of work with tools. */
export const OF_WORK = [
  "claim",
  "commit ask-to-spend",
  "commit begin-task",
  "commit begin-turn",
  "commit cancel-task",
  "commit decide-approval",
  "commit deliver",
  "commit end-delay",
  "commit end-tool-call",
  "commit expire-approval",
  "commit finish-task",
  "commit finish-turn",
  "commit handle-message",
  "commit open-tool-calls",
  "commit park-run",
  "commit recover-tool-calls",
  "commit start-model-step",
  "commit start-tool-call",
  "commit taint-run",
  "outside http_request",
  "outside mcp",
  "outside model",
  "outside sandbox",
  "outside smtp",
];

/** The codes, keys and cookies by which people and agents come in. */
export const AT_THE_DOORS = [
  "commit request-pairing",
  "commit lookup-pairing",
  "commit use-key",
  "commit create-login-code",
  "commit use-login-code",
  "commit end-session",
];

/** What becomes of work that failed, and of what was given up. */
export const OF_FAILED_WORK = [
  "commit fail-turn",
  "commit fail-task",
  "commit retry-task",
  "commit replay-dead-letter",
  "commit drop-dead-letter",
];

/** What servers say of their tools. */
export const OF_MCP = ["commit record-mcp-tools", "commit approve-mcp-tool"];

/** Where a raised cap lets go what waited at it. */
export const AT_A_CAP = ["commit release-at-cap"];
