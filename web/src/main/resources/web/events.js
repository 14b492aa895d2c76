// What has happened, newest first.
import { html } from "./dom.js";
import { events, eventsOf } from "./state.js";
import { clock, moment, tone } from "./words.js";
import { Sign } from "./marks.js";

export function EventsPanel({ resource }) {
  const shown = events.value.filter((event) => !resource || event.resource === resource).slice(0, 100);
  return html`<section class="panel" aria-labelledby="events">
    <header><h2 id="events">Events</h2><span class="end muted small">newest first</span></header>
    ${shown.length === 0 ? html`<p class="empty">${eventsOf.value === resource ? "Nothing has happened yet." : "Reading…"}</p>` : null}
    <div class="scroll" tabindex="0" role="group" aria-label="Events, scrollable">
      <ol class="events">${shown.map((event) => html`<li key=${event.sequence} class=${event.severity}>
        <time datetime=${new Date(event.micros / 1000).toISOString()} title=${moment(event.micros)}>${clock(event.micros)}</time>
        <span><${Sign} tone=${event.severity === "info" ? "calm" : tone(event.severity)} /><span class="unseen">${event.severity}</span></span>
        <span class="text">${event.text} <span class="muted small">${resource ? "" : `${event.resource} · `}${event.code}${event.actor ? ` · ${event.actor}` : ""}${event.operation ? html` · <a href=${`#/${event.resource}/op/${event.operation}`}>#${event.operation}</a>` : null}</span></span>
      </li>`)}</ol>
    </div>
  </section>`;
}
