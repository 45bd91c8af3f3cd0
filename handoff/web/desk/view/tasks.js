// Contact forms that wait for an answer.

import { html, useDesk, useNow, useState } from "./html.js";
import { Icon } from "./icons.js";
import { ClientTag, Lanes } from "./list.js";
import { Said } from "./texts.js";

export function Tasks() {
  const { state, w } = useDesk();
  const now = useNow();
  const { tasks } = state;
  return html`<main class="tasks" aria-labelledby="tasks-title">
    <div class="tasks-inner">
      <h2 id="tasks-title">${w.t("tasks.title")}</h2>
      <p class="dialog-lead">${w.t("tasks.lead")}</p>
      ${tasks === null && html`<p class="aside" role="status">${w.t("tasks.loading")}</p>`}
      ${tasks === "failed" && html`<p class="dialog-failed" role="alert">${w.t("tasks.failed")}</p>`}
      ${Array.isArray(tasks) &&
      (tasks.length === 0
        ? html`<div class="empty">
            <${Lanes} />
            <p class="empty-title">${w.t("tasks.empty")}</p>
            <p>${w.t("tasks.empty.lead")}</p>
          </div>`
        : html`<ul class="task-list">
            ${[...tasks]
              .sort((a, b) => a.created - b.created)
              .map((task) => html`<${Task} key=${task.id} task=${task} now=${now + state.queue.skew} />`)}
          </ul>`)}
    </div>
  </main>`;
}

function Task({ task, now }) {
  const { desk, w } = useDesk();
  const [busy, setBusy] = useState(false);
  const done = async () => {
    setBusy(true);
    await desk.taskDone(task.id);
    setBusy(false);
  };
  const ago = w.span(now / 1000 - task.created);
  return html`<li class="task" data-client=${task.client}>
    <div class="row-top">
      <${ClientTag} id=${task.client} />
      <span class="meta" title=${`${w.date(task.created)} ${w.time(task.created)}`}>
        ${w.t("tasks.ago", { wait: ago })}
      </span>
    </div>
    <h3><bdi>${task.name}</bdi></h3>
    <p class="reach"><span>${w.t("tasks.reach")}</span> <bdi><${Said} text=${task.reach} /></bdi></p>
    ${task.text && html`<p class="words"><${Said} text=${task.text} /></p>`}
    <button
      type="button"
      class="primary small"
      disabled=${busy}
      aria-label=${w.t("tasks.doneLong", { name: task.name })}
      onClick=${done}
    >
      <${Icon} name="check" />${w.t("tasks.done")}
    </button>
  </li>`;
}
