// One resource: what it is, what is wrong, what is wanted, what is being done.
import { html, useEffect, useState } from "./dom.js";
import { actions, fail, may, now, place, views } from "./state.js";
import { api } from "./api.js";
import { ago, moment, number, span, title, tone, underWay } from "./words.js";
import { Details, Mark, RiskMark, StateMark } from "./marks.js";
import { Tables, Topology } from "./topology.js";
import { OperationPanel } from "./timeline.js";
import { PlanPanel } from "./plan.js";
import { EventsPanel } from "./events.js";
import { ItemsPanel, ReachDialog } from "./items.js";
import { ActionDialog, DecisionDialog } from "./dialogs.js";

/** The operation that the address names, else the one under way, else the latest that ran. */
function shownOperation(view, wanted, older) {
  if (wanted !== null) return view.operations.find((operation) => number(operation.id) === wanted) ?? (older?.id === `${view.id}#${wanted}` ? older : null);
  return view.operations.find((operation) => underWay(operation)) ?? view.operations.find((operation) => operation.startedMicros > 0) ?? null;
}

function Diagnosis({ view }) {
  return html`<section class="panel" aria-labelledby="diagnosis">
    <header><h2 id="diagnosis">Diagnosis</h2><span class="end"><${Mark} tone=${tone(view.diagnosis.severity)}>${view.diagnosis.code}<//></span></header>
    <div class="body stack"><p>${view.diagnosis.sentence}</p><${Details} of=${view.diagnosis.evidence} />
      ${view.pause ? html`<p><${Mark} tone="warn">paused<//> by ${view.pause.actor}${view.pause.untilMicros ? html` until ${moment(view.pause.untilMicros)}` : " until it is resumed"}${view.pause.reason ? `: ${view.pause.reason}` : ""}. Nothing is done by itself.</p>` : null}</div>
    ${view.guarantee ? html`<p class="guarantee"><svg viewBox="0 0 12 12" aria-hidden="true"><path d="M6 1l4.5 1.8v3c0 2.7-2 4.500-4.500 5.200C3.500 10.300 1.500 8.500 1.500 5.800v-3Z" /></svg><span>${view.guarantee}</span></p>` : null}
  </section>`;
}

function Actions({ view, onAct }) {
  // What is done with one item stands beside the item.
  const offered = actions.value.filter((action) => action.kind === view.id.split("/")[0] && !action.input.some((field) => field.type === "name"));
  if (offered.length === 0) return null;
  return html`<section class="panel" aria-labelledby="actions">
    <header><h2 id="actions">Actions</h2></header>
    <div class="tablewrap"><table><caption class="unseen">Actions</caption><tbody>${offered.map((action) => html`<tr>
      <td><span class="small">${action.summary}</span><br /><${RiskMark} risk=${action.risk} /></td>
      <td class="number"><button disabled=${!may(action.needs)} title=${may(action.needs) ? null : `This needs the role ${action.needs}`} onClick=${() => onAct(action)}>${title(action.name)}…</button></td>
    </tr>`)}</tbody></table></div>
  </section>`;
}

function History({ view, shown }) {
  const past = view.operations.filter((operation) => operation.state !== "proposed");
  if (past.length === 0) return null;
  return html`<section class="panel" aria-labelledby="history">
    <header><h2 id="history">Operations</h2></header>
    <div class="tablewrap scroll" tabindex="0" role="group" aria-label="Operations, scrollable"><table><caption class="unseen">Operations</caption>
      <thead><tr><th scope="col">Operation</th><th scope="col">State</th><th scope="col">Begun</th><th scope="col" class="number">Took</th></tr></thead>
      <tbody>${past.map((operation) => html`<tr key=${operation.id}>
        <td><a href=${`#/${view.id}/op/${number(operation.id)}`} aria-current=${shown?.id === operation.id ? "true" : null}>${operation.type} #${number(operation.id)}</a></td>
        <td><${StateMark} state=${operation.state} /></td>
        <td class="tight" title=${moment(operation.createdMicros)}>${ago(operation.startedMicros || operation.createdMicros, now.value)}</td>
        <td class="number">${operation.startedMicros && operation.endedMicros ? span(operation.endedMicros - operation.startedMicros) : "–"}</td>
      </tr>`)}</tbody></table></div>
  </section>`;
}

export function Resource({ id }) {
  const view = views.value.get(id);
  const wanted = place.value.operation;
  const [older, setOlder] = useState(null);
  const [asked, setAsked] = useState(null);
  const missing = view && wanted !== null && !view.operations.some((operation) => number(operation.id) === wanted);
  useEffect(() => {
    if (missing) api.operation(id, wanted).then(setOlder, fail);
  }, [id, wanted, missing]);
  if (!view) return html`<main id="main" tabindex="-1"><div class="panel empty"><h1>${id}</h1><p>There is no such resource, or the token does not see it.</p><a href="#/">All resources</a></div></main>`;
  const operation = shownOperation(view, wanted, older);
  const onAsk = (verb, about) => setAsked({ verb, operation: about });
  return html`<main id="main" tabindex="-1">
    <div class="head">
      <h1>${view.id}</h1>
      <${Mark} tone=${tone(view.diagnosis.severity)}>${view.diagnosis.code}<//>
      ${view.inSync ? html`<${Mark} tone="good">in sync<//>` : html`<${Mark} tone="warn">${view.wanted.length} wanted<//>`}
      <${Mark} tone="calm">${view.mode}<//>
      <span class="end muted small number">${view.leading ? `leads, epoch ${view.epoch}` : "another control plane leads"}</span>
    </div>
    ${operation && underWay(operation) ? html`<${OperationPanel} operation=${operation} progress=${view.progress} onAsk=${onAsk} />` : null}
    <${ItemsPanel} view=${view} onAct=${(action, item) => setAsked({ action, item })} onReach=${(item) => setAsked({ reach: item })} />
    <div class="two">
      <div class="stack">
        <section class="panel" aria-labelledby="topology">
          <header><h2 id="topology">Topology</h2></header>
          <div class="body"><${Topology} view=${view} /></div>
          <${Tables} view=${view} />
        </section>
        ${operation && !underWay(operation) ? html`<${OperationPanel} operation=${operation} progress=${view.progress} onAsk=${onAsk} />` : null}
        <${EventsPanel} resource=${view.id} />
        ${wanted !== null && !operation ? html`<p class="banner warn">Operation #${wanted} is not known.</p>` : null}
      </div>
      <div class="stack">
        <${Diagnosis} view=${view} />
        <${PlanPanel} view=${view} onAsk=${onAsk} />
        <${Actions} view=${view} onAct=${(action) => setAsked({ action })} />
        <${History} view=${view} shown=${operation} />
      </div>
    </div>
    ${asked?.action ? html`<${ActionDialog} key=${asked.action.name + asked.item} id=${view.id} action=${asked.action} item=${asked.item ?? ""} onClose=${() => setAsked(null)} />` : null}
    ${asked?.reach ? html`<${ReachDialog} key=${asked.reach.name} id=${view.id} item=${asked.reach} onClose=${() => setAsked(null)} />` : null}
    ${asked?.verb ? html`<${DecisionDialog} key=${asked.verb + asked.operation.id} id=${view.id} verb=${asked.verb} operation=${asked.operation} onClose=${() => setAsked(null)} />` : null}
  </main>`;
}
