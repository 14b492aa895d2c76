// What a resource has many of: copies with their owners, and the generations that they are made of.
import { html, useEffect, useState } from "./dom.js";
import { actions, fail, may, me, now } from "./state.js";
import { api } from "./api.js";
import { ago, bytes, itemTone, moment, title, until } from "./words.js";
import { Mark } from "./marks.js";
import { Dialog, Trouble } from "./dialogs.js";

/** Facts that say where something comes from, in the order of the table. */
const PROVENANCE = [
  ["tables", (text) => text],
  ["rows", (text) => Number(text).toLocaleString("en-GB")],
  ["bytes", (text) => bytes(Number(text))],
  ["version", (text) => text],
  ["sha256", (text) => text.slice(0, 12)],
  ["dump", (text) => text],
];

function mine(item) {
  return may("operator") || (may("user") && item.owner === me.value?.name);
}

/** The actions that take the name of an item that is there. */
function onItems(view) {
  const kind = view.id.split("/")[0];
  return actions.value.filter((action) => action.kind === kind && action.name !== "create" && action.input.some((field) => field.type === "name"));
}

function Buttons({ view, item, onAct, onReach }) {
  if (!mine(item)) return null;
  return html`<span class="row">
    <button class="plain" disabled=${item.state !== "ready"} onClick=${() => onReach(item)}>Connect…<span class="unseen"> to ${item.name}</span></button>
    ${onItems(view).map((action) => html`<button class="plain" disabled=${!may(action.needs)} onClick=${() => onAct(action, item.name)}>${title(action.name)}…<span class="unseen"> ${item.name}</span></button>`)}
  </span>`;
}

function Owned({ view, items, onAct, onReach }) {
  return html`<div class="tablewrap scroll" tabindex="0" role="group" aria-label="Copies, scrollable"><table><caption class="unseen">Copies</caption>
    <thead><tr><th scope="col">Name</th><th scope="col">State</th><th scope="col">Owner</th><th scope="col">Generation</th><th scope="col">Address</th><th scope="col">Expires</th><th scope="col"><span class="unseen">What can be done</span></th></tr></thead>
    <tbody>${items.map((item) => html`<tr key=${item.name}>
      <td>${item.name}</td>
      <td><${Mark} tone=${itemTone(item.state)}>${item.state}<//></td>
      <td>${item.owner}</td>
      <td>${item.facts.generation ?? "–"}</td>
      <td class="mono">${item.facts.port ? `${item.facts.host}:${item.facts.port}` : "–"}</td>
      <td class="tight" title=${item.expiresMicros ? moment(item.expiresMicros) : null}>${until(item.expiresMicros, now.value)}</td>
      <td><${Buttons} view=${view} item=${item} onAct=${onAct} onReach=${onReach} /></td>
    </tr>`)}</tbody></table></div>`;
}

function Generations({ view, items }) {
  const known = PROVENANCE.filter(([fact]) => items.some((item) => item.facts[fact] !== undefined));
  return html`<div class="tablewrap scroll" tabindex="0" role="group" aria-label="Generations, scrollable"><table><caption class="unseen">Generations</caption>
    <thead><tr><th scope="col">Generation</th><th scope="col">State</th><th scope="col">Made</th>${known.map(([fact]) => html`<th scope="col">${title(fact)}</th>`)}</tr></thead>
    <tbody>${items.map((item) => html`<tr key=${item.name}>
      <td>${item.name}${view.ledger.generation === item.name ? html` <span class="muted small">in use</span>` : null}</td>
      <td><${Mark} tone=${itemTone(item.state)}>${item.state}<//></td>
      <td class="tight" title=${moment(item.createdMicros)}>${ago(item.createdMicros, now.value)}</td>
      ${known.map(([fact, shown]) => html`<td class=${fact === "dump" || fact === "sha256" ? "mono" : "tight"} title=${item.facts[fact] ?? null}>${item.facts[fact] === undefined ? "–" : shown(item.facts[fact])}</td>`)}
    </tr>`)}</tbody></table></div>`;
}

/** The items of a resource; nothing if it is of a kind that has none. */
export function ItemsPanel({ view, onAct, onReach }) {
  const items = view.items ?? [];
  const create = actions.value.find((action) => action.kind === view.id.split("/")[0] && action.name === "create" && action.input.some((field) => field.type === "name"));
  if (items.length === 0 && !create) return null;
  const owned = items.filter((item) => item.owner !== "");
  const generations = items.filter((item) => item.sort === "generation");
  const waiting = items.filter((item) => item.owner === "" && item.sort !== "generation").length;
  return html`<section class="panel" aria-labelledby="items">
    <header><h2 id="items">Copies</h2>
      ${waiting > 0 ? html`<span class="muted small">${waiting} ${waiting === 1 ? "spare waits" : "spares wait"}</span>` : null}
      ${create ? html`<span class="end"><button disabled=${!may(create.needs)} title=${may(create.needs) ? null : `This needs the role ${create.needs}`} onClick=${() => onAct(create, "")}>Make a copy…</button></span>` : null}
    </header>
    ${owned.length === 0 ? html`<p class="body muted">${may("operator") ? "There are no copies." : "You have no copies."}</p>` : html`<${Owned} view=${view} items=${owned} onAct=${onAct} onReach=${onReach} />`}
    ${generations.length === 0 ? null : html`<h3 class="body">Generations</h3><${Generations} view=${view} items=${generations} />`}
  </section>`;
}

/** How an item is reached. The password is read when this is opened, and kept nowhere. */
export function ReachDialog({ id, item, onClose }) {
  const [ways, setWays] = useState(null);
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    api.access(id, item).then((answer) => setWays(answer.access), (refused) => {
      if (refused.status === 401) fail(refused);
      setProblem(refused);
    });
  }, []);
  return html`<${Dialog} label="Connect" onClose=${onClose} onSubmit=${onClose}>
    <h2>Connect to ${item.name} <span class="muted">${id}</span></h2>
    <p>Each of these holds the password.</p>
    ${ways === null && problem === null ? html`<p class="muted" role="status">Reading…</p>` : null}
    ${ways === null ? null : html`<dl class="evidence">${Object.entries(ways).map(([dialect, way]) => html`<dt>${dialect}</dt><dd class="mono">${way}</dd>`)}</dl>`}
    <${Trouble} of=${problem} />
    <footer><button type="button" onClick=${onClose}>Close</button></footer>
  <//>`;
}
