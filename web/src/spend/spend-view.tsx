import { type ReactNode, useState } from "react";
import type { SpendReport } from "../../../src/client/shapes/spend.ts";
import { formatUsd } from "../../../src/core/spend/format-usd.ts";
import { readSpend } from "../api/spend.ts";
import { createLiveList } from "../live/create-live-list.ts";
import { useObserved } from "../live/observable.ts";
import { useLive } from "../live/use-live.ts";
import { Item, ItemFacts } from "../parts/item.tsx";
import { NameText } from "../parts/name-text.tsx";
import { PartList } from "../parts/part-list.tsx";
import { Problem } from "../parts/problem.tsx";
import { ViewPage } from "../parts/view-page.tsx";
import { callWords, capTitle, capWords } from "./spend-words.ts";

const TOPICS = ["runs", "messages", "tasks"];
const UNPRICED =
  "No price is known of it: it is counted at its provider's dearest, until AGENT_RUNTIME_PRICES_FILE says it.";

const readOnly = async (_cursor: string | undefined, signal: AbortSignal) => ({
  items: [await readSpend(signal)],
  next_cursor: null,
});

/** What was spent on models today, and how much may be. */
export function SpendView() {
  const [reports] = useState(() => createLiveList(readOnly));
  const { items, problem } = useObserved(reports.state);
  useLive(TOPICS, reports);
  const report = items?.[0];
  return (
    <ViewPage title="Spend" done="">
      <Problem text={problem} />
      {report !== undefined && <Report report={report} />}
    </ViewPage>
  );
}

function Report({ report }: { readonly report: SpendReport }) {
  const { of, day, reserved_micro_usd: reserved, run_cap_micro_usd: runCap } = report;
  return (
    <>
      <p>
        {of === "own" ? "Your work has cost " : "All work has cost "}
        <strong>{formatUsd(report.spent_micro_usd)}</strong> on {day} (UTC), in{" "}
        {callWords(report.calls)}.
        {reserved > 0 && ` ${formatUsd(reserved)} more is put aside for calls under way.`}
      </p>
      <PartList title="Caps">
        {[
          ...report.caps.map((cap) => (
            <Item key={cap.of} title={capTitle(cap)} aside={<span>{capWords(cap)}</span>} />
          )),
          <Item
            key="work"
            title="Each answer and each task"
            aside={<span>{runCap === null ? "without a cap" : formatUsd(runCap)}</span>}
          />,
        ]}
      </PartList>
      <PartList title="The dearest">
        {report.work.map((work) => (
          <Sum
            key={work.id}
            title={<NameText name={work.title} />}
            sum={work}
            note={work.is_task ? work.id : `${work.id}, an answer`}
          />
        ))}
      </PartList>
      <PartList title="By purpose">
        {report.purposes.map((sum) => (
          <Sum key={sum.purpose} title={sum.purpose} sum={sum} />
        ))}
      </PartList>
      <PartList title="By model">
        {report.models.map((sum) => (
          <Sum
            key={sum.model}
            title={sum.model}
            sum={sum}
            note={sum.is_priced ? undefined : UNPRICED}
          />
        ))}
      </PartList>
      <PartList title="By person or key">
        {report.people.map((sum) => (
          <Sum
            key={sum.user_id}
            title={sum.user_id === "" ? "nobody" : <NameText name={sum.display_name} />}
            sum={sum}
            note={sum.user_id}
          />
        ))}
      </PartList>
    </>
  );
}

interface SumProps {
  readonly title: ReactNode;
  readonly sum: { readonly spent_micro_usd: number; readonly calls: number };
  readonly note?: string | undefined;
}

function Sum({ title, sum, note }: SumProps) {
  return (
    <Item title={title} aside={<span>{formatUsd(sum.spent_micro_usd)}</span>}>
      <ItemFacts>{callWords(sum.calls)}</ItemFacts>
      {note !== undefined && <ItemFacts>{note}</ItemFacts>}
    </Item>
  );
}
