// An operation's steps over time: a bar from the intent to the end of each, the point of no return as a line.
import { html } from "./dom.js";
import { now, may } from "./state.js";
import { clock, ended, moment, number, span, underWay } from "./words.js";
import { Details, RiskMark, Sign, StateMark } from "./marks.js";

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000, 300000, 900000, 3600000];

/** The time that the chart spans, in microseconds, and where its lines stand. */
export function scale(operation, nowMillis) {
  const begin = operation.startedMicros || operation.createdMicros;
  const ends = operation.steps.map((row) => row.endedMicros || (row.startedMicros ? nowMillis * 1000 : 0));
  const end = Math.max(operation.endedMicros || (ended(operation) ? 0 : nowMillis * 1000), ...ends, begin + 1000);
  const length = end - begin;
  const tick = (STEPS.find((step) => length / (step * 1000) <= 5) ?? STEPS.at(-1)) * 1000;
  const ticks = [];
  for (let at = 0; at <= length; at += tick) ticks.push(at);
  return { begin, length, ticks };
}

const percent = (part, whole) => `${Math.min(100, Math.max(0, (part / whole) * 100)).toFixed(2)}%`;

function lines(axis, noReturn) {
  return html`${axis.ticks.map((at) => html`<line class="grid" x1=${percent(at, axis.length)} x2=${percent(at, axis.length)} y1="0" y2="100%" />`)}
    ${noReturn === null ? null : html`<line class="noreturn" x1=${percent(noReturn, axis.length)} x2=${percent(noReturn, axis.length)} y1="0" y2="100%" />`}`;
}

function anchor(at, length) {
  return at / length > 0.85 ? "end" : at === 0 ? "start" : "middle";
}

const TONES = { done: "good", failed: "bad", intended: "tide", planned: "calm", abandoned: "calm" };
const WORDS = { intended: "under way", planned: "not begun", abandoned: "no longer needed" };

function Row({ row, axis, noReturn, progress }) {
  const decision = row.step.act === "decide";
  const stop = row.endedMicros || now.value * 1000;
  const word = WORDS[row.state] ?? row.state;
  const more = Object.keys(row.evidence).length > 0;
  return html`<li>
    <div class="what ${row.state}">
      <${Sign} tone=${TONES[row.state]} />
      <span><span class="unseen">${word}: </span>${row.step.sentence}${row.attempt > 1 ? html` <span class="muted small">attempt ${row.attempt}</span>` : null}
        ${progress ? html` <span class="muted small number">${progress.total ? `${Math.floor((progress.done / progress.total) * 100)} %` : `${progress.done} ${progress.unit}`}</span>` : null}
        ${row.problem ? html`<span class="problem small">${row.problem}</span>` : null}
        ${more ? html`<details class="small"><summary>Evidence<span class="unseen"> of ${row.step.sentence}</span></summary><${Details} of=${row.evidence} /></details>` : null}</span>
    </div>
    <div class="chart"><svg class="bar" aria-hidden="true">
      ${lines(axis, noReturn)}
      ${row.startedMicros === 0 ? null : html`<rect class="span ${row.state} ${decision ? "decision" : ""}" x=${percent(row.startedMicros - axis.begin, axis.length)} y="50%" transform="translate(0 -4)" width=${percent(Math.max(stop - row.startedMicros, axis.length / 250), axis.length)} height="8" rx="2" />`}
    </svg></div>
    <div class="time">${row.startedMicros === 0 ? word : span(stop - row.startedMicros)}</div>
  </li>`;
}

export function Timeline({ operation, progress }) {
  const axis = scale(operation, now.value);
  const past = operation.steps.find((row) => row.step.pointOfNoReturn && row.startedMicros > 0);
  const noReturn = past ? past.startedMicros - axis.begin : null;
  if (operation.steps.length === 0) return html`<p class="empty">Its steps are not known yet.</p>`;
  return html`<ol class="timeline" aria-label="Steps">
    <li class="axis" aria-hidden="true">
      <div class="what muted small">Step</div>
      <div class="chart"><svg class="bar">${lines(axis, noReturn)}
        ${noReturn === null ? axis.ticks.map((at) => html`<text x=${percent(at, axis.length)} dx=${at === 0 ? 3 : 0} y="16" text-anchor=${anchor(at, axis.length)}>${at === 0 ? "0" : span(at).replace(".00", "")}</text>`)
          : html`${axis.ticks.filter((at) => at < noReturn - axis.length * 0.1 || at > noReturn + axis.length * 0.32).map((at) => html`<text x=${percent(at, axis.length)} dx=${at === 0 ? 3 : 0} y="16" text-anchor=${anchor(at, axis.length)}>${at === 0 ? "0" : span(at).replace(".00", "")}</text>`)}
            <text class="noreturn" x=${percent(noReturn, axis.length)} dx=${noReturn / axis.length > 0.7 ? -5 : 5} y="16" text-anchor=${noReturn / axis.length > 0.7 ? "end" : "start"}>no return</text>`}
      </svg></div>
      <div class="time">took</div>
    </li>
    ${operation.steps.map((row) => html`<${Row} key=${row.sequence} row=${row} axis=${axis} noReturn=${noReturn} progress=${row.state === "intended" ? progress[`${number(operation.id)}.${row.sequence}`] : undefined} />`)}
  </ol>`;
}

export function OperationPanel({ operation, progress, onAsk }) {
  const took = operation.startedMicros ? (operation.endedMicros || now.value * 1000) - operation.startedMicros : 0;
  const noReturn = operation.steps.some((row) => row.step.pointOfNoReturn && ["intended", "done"].includes(row.state));
  const operator = may("operator");
  return html`<section class="panel" aria-labelledby="operation">
    <header>
      <h2 id="operation">${operation.type} <span class="muted">#${number(operation.id)}</span></h2>
      <${StateMark} state=${operation.state} /><${RiskMark} risk=${operation.risk} />
      ${took ? html`<span class="muted small number">${span(took)}</span>` : null}
      <span class="end row">
        ${underWay(operation) && operation.state !== "attention" && operation.state !== "cancelling" ? html`<button disabled=${!operator || noReturn} title=${noReturn ? "It is past the point of no return" : null} onClick=${() => onAsk("cancel", operation)}>Cancel</button>` : null}
        ${operation.state === "attention" ? html`<button disabled=${!operator} onClick=${() => onAsk("resume", operation)}>Resume</button><button disabled=${!operator} onClick=${() => onAsk("resolve", operation)}>Resolve</button>` : null}
      </span>
    </header>
    <div class="body small">
      <p>${operation.reason}</p>
      ${operation.note ? html`<p><strong>${operation.note}</strong></p>` : null}
      <p class="muted">Wanted by ${operation.actor}${operation.approvedBy ? `, approved by ${operation.approvedBy}` : ""}, ${operation.startedMicros ? `begun ${moment(operation.startedMicros)}` : `written down ${moment(operation.createdMicros)}`}${operation.endedMicros ? `, ended ${clock(operation.endedMicros)}` : ""}</p>
    </div>
    <${Timeline} operation=${operation} progress=${progress} />
  </section>`;
}
