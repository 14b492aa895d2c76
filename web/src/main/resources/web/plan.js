// What is wanted, and what waits for a person.
import { html } from "./dom.js";
import { may, now } from "./state.js";
import { ago, number } from "./words.js";
import { Mark, RiskMark, Details } from "./marks.js";

export function PlanPanel({ view, onAsk }) {
  const proposals = view.operations.filter((operation) => operation.state === "proposed");
  const others = view.wanted.filter((wanted) => !proposals.some((one) => one.type === wanted.type));
  return html`<section class="panel" aria-labelledby="plan">
    <header><h2 id="plan">Plan</h2>
      <span class="end">${view.inSync ? html`<${Mark} tone="good">in sync<//>` : html`<${Mark} tone="warn">${view.wanted.length} wanted<//>`}</span>
    </header>
    ${view.inSync && proposals.length === 0 ? html`<p class="body muted">Nothing is to be done: what is there is what was asked for.</p>` : null}
    ${proposals.map((operation) => html`<div class="proposal" key=${operation.id}>
      <div class="row"><h3>${operation.type} <span class="muted">#${number(operation.id)}</span></h3><${RiskMark} risk=${operation.risk} /><span class="muted small">${ago(operation.createdMicros, now.value)}</span></div>
      <p>${operation.reason}</p>
      <${Details} of=${operation.input} />
      <div class="row">
        <button class=${operation.risk === "irreversible" ? "danger" : "go"} disabled=${!may("operator")} onClick=${() => onAsk("approve", operation)}>Approve…</button>
        <button disabled=${!may("operator")} onClick=${() => onAsk("reject", operation)}>Reject</button>
        ${may("operator") ? null : html`<span class="muted small">An operator can approve this.</span>`}
      </div>
    </div>`)}
    ${others.map((wanted) => html`<div class="proposal">
      <div class="row"><h3>${wanted.type}</h3>${wanted.automatic ? html`<${Mark} tone="tide">runs by itself<//>` : null}</div>
      <p>${wanted.reason}</p>
      <${Details} of=${wanted.input} />
    </div>`)}
  </section>`;
}
