// Every resource, worst first. Whether it is healthy and whether it is in sync are two questions.
import { html, signal } from "./dom.js";
import { loaded, views } from "./state.js";
import { badness, tone, underWay, number } from "./words.js";
import { Glyph, Mark } from "./marks.js";
import { EventsPanel } from "./events.js";

const filter = signal("");

function Tile({ view }) {
  const running = view.operations.find((operation) => underWay(operation));
  const waits = view.operations.filter((operation) => operation.state === "proposed").length;
  return html`<li><a class="tile ${tone(view.diagnosis.severity)}" href=${`#/${view.id}`}>
    <span class="name">${view.id}</span>
    <span class="axes">
      <${Mark} tone=${tone(view.diagnosis.severity)}>${view.diagnosis.code}<//>
      ${view.inSync ? html`<${Mark} tone="good">in sync<//>` : html`<${Mark} tone="warn">${view.wanted.length} wanted<//>`}
      ${waits > 0 ? html`<${Mark} tone="warn">${waits} to approve<//>` : null}
      ${running ? html`<${Mark} tone=${running.state === "attention" ? "bad" : "tide"} live=${running.state === "running"}>${running.type} #${number(running.id)} ${running.state}<//>` : null}
      ${view.mode === "manage" ? null : html`<${Mark} tone="calm">${view.mode}<//>`}
      ${view.leading ? null : html`<${Mark} tone="calm">not leading<//>`}
    </span>
    <span class="small">${view.diagnosis.sentence}</span>
    <ul class="members" aria-label="Members">${view.members.map((member) => html`<li><${Glyph} member=${member} />${member.id}<span class="unseen"> ${member.role}, ${member.status}</span></li>`)}</ul>
  </a></li>`;
}

export function Fleet() {
  const all = [...views.value.values()];
  const shown = all
    .filter((view) => view.id.includes(filter.value) || view.diagnosis.code.includes(filter.value))
    .sort((a, b) => badness(b) - badness(a) || (a.id < b.id ? -1 : 1));
  const ill = all.filter((view) => view.diagnosis.severity !== "info").length;
  const adrift = all.filter((view) => !view.inSync).length;
  return html`<main id="main" tabindex="-1">
    <div class="head"><h1>Fleet</h1>
      ${loaded.value ? html`<span class="muted">${all.length} ${all.length === 1 ? "resource" : "resources"}${all.length === 0 ? "" : `, ${ill === 0 ? "all healthy" : `${ill} not healthy`}, ${adrift === 0 ? "all in sync" : `${adrift} not in sync`}`}</span>` : html`<span class="muted">Reading…</span>`}
      ${all.length > 6 ? html`<label class="end"><span class="unseen">Filter by name or diagnosis</span><input id="filter" placeholder="Filter ( / )" value=${filter.value} onInput=${(event) => (filter.value = event.target.value)} /></label>` : null}
    </div>
    ${loaded.value && all.length === 0 ? html`<div class="panel empty"><h2>Nothing is configured that you may see</h2><p>Name a resource in <code>cotidal.yaml</code> and reload, or sign in with a token of a wider scope.</p></div>` : null}
    ${all.length > 0 && shown.length === 0 ? html`<p class="panel empty">Nothing fits “${filter.value}”.</p>` : null}
    <ul class="tiles">${shown.map((view) => html`<${Tile} key=${view.id} view=${view} />`)}</ul>
    <${EventsPanel} resource=${null} />
  </main>`;
}
