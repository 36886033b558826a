const PATHS = {
  send: "M12 19V5m0 0-6 6m6-6 6 6",
  tasks: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 6l-6 6 6 6",
  down: "M12 5v14m0 0 6-6m-6 6-6-6",
  choose: "M7 10l5 5 5-5",
  leave: "M16 17l5-5-5-5m5 5H9m0 9H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4",
  stop: "M7 7h10v10H7z",
} as const;

/** A picture beside words or a label; says nothing by itself. */
export function Icon({
  name,
  size = 20,
}: {
  readonly name: keyof typeof PATHS;
  readonly size?: number;
}) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={name === "stop" ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
