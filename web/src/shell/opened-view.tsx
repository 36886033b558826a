import { lazy, Suspense } from "react";
import { may } from "../../../src/core/access/permission.ts";
import { FallbackBoundary } from "../markdown/fallback-boundary.tsx";
import { useConsole } from "./console-context.ts";
import classes from "./opened-view.module.css";
import type { View } from "./views.ts";

// Each comes when it is first opened: whoever only talks loads none of them.
const VIEW_PARTS = {
  spend: lazy(() =>
    import("../spend/spend-view.tsx").then(({ SpendView }) => ({ default: SpendView })),
  ),
  approvals: lazy(() =>
    import("../approvals/approvals-view.tsx").then(({ ApprovalsView }) => ({
      default: ApprovalsView,
    })),
  ),
  tools: lazy(() =>
    import("../tools/tools-view.tsx").then(({ ToolsView }) => ({ default: ToolsView })),
  ),
  people: lazy(() =>
    import("../people/people-view.tsx").then(({ PeopleView }) => ({ default: PeopleView })),
  ),
  contexts: lazy(() =>
    import("../contexts/contexts-view.tsx").then(({ ContextsView }) => ({ default: ContextsView })),
  ),
  keys: lazy(() => import("../keys/keys-view.tsx").then(({ KeysView }) => ({ default: KeysView }))),
  deliveries: lazy(() =>
    import("../deliveries/deliveries-view.tsx").then(({ DeliveriesView }) => ({
      default: DeliveriesView,
    })),
  ),
};

/** A view other than the conversation, if this person may open it. */
export function OpenedView({ view }: { readonly view: Exclude<View, { readonly id: "chat" }> }) {
  const { role } = useConsole();
  if (!may(role, view.permission)) {
    return <Instead text={`${view.label}: your role does not open this view.`} />;
  }
  const Part = VIEW_PARTS[view.id];
  return (
    <FallbackBoundary
      key={view.id}
      fallback={<Instead text="This view did not load. Reload the page." />}
    >
      <Suspense fallback={<main className={classes["instead"]} aria-busy="true" />}>
        <Part />
      </Suspense>
    </FallbackBoundary>
  );
}

function Instead({ text }: { readonly text: string }) {
  return (
    <main className={classes["instead"]}>
      <p role="status">{text}</p>
    </main>
  );
}
