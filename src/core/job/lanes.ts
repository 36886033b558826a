/** The lane names of the queue: what must not overlap shares one. */
export const laneOf = {
  inbound: (contextId: string) => `in:${contextId}`,
  turn: (contextId: string) => `turn:${contextId}`,
  task: (taskId: string) => `task:${taskId}`,
  /** By the conversation, which stays the same when its platform gives the chat another id. */
  outbound: (contextId: string) => `out:${contextId}`,
  /** Of mail to one recipient: what is said in the conversation that it comes from does not wait for it. */
  mail: (deliveryId: string) => `mail:${deliveryId}`,
  /** Of a draft that is taken out of its chat: what is said there does not wait for that. */
  draft: (deliveryId: string) => `draft:${deliveryId}`,
  buttons: (deliveryId: string) => `buttons:${deliveryId}`,
  projectFile: (taskId: string) => `file:${taskId}`,
  /** Of what time does to an approval, each thing by itself. */
  approvalTimer: (jobId: string) => `timer:${jobId}`,
  cap: (scope: string) => `cap:${scope}`,
  probe: (probeId: string) => `probe:${probeId}`,
  sweep: () => "sweep",
  overdue: () => "overdue",
};

/** Smaller is sooner. Between lanes only. */
export const PRIORITY = {
  probe: 0,
  inbound: 10,
  turn: 20,
  p1: 30,
  p2: 40,
  p3: 50,
  outbound: 15,
  background: 90,
} as const;
