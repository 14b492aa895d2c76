// Puts the page together.
import { html, render, effect } from "./dom.js";
import { connection, heard, me, now, place, readAll, trouble, version } from "./state.js";
import { api } from "./api.js";
import { follow, stop } from "./live.js";
import { Fleet } from "./fleet.js";
import { Resource } from "./resource.js";
import { SignIn } from "./signin.js";
import { ago, clock } from "./words.js";

async function enter() {
  await readAll();
  if (me.value) follow();
}

async function leave() {
  stop();
  await api.signOut().catch(() => {});
  me.value = null;
}

function Live() {
  const on = connection.value === "live";
  const words = { live: "live", connecting: "connecting", lost: "disconnected" }[connection.value];
  return html`<span class="live ${on ? "on" : connection.value === "lost" ? "off" : ""}" role="status"><svg viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="4.5" /></svg>${words}</span>`;
}

function Page() {
  if (me.value === undefined) {
    return trouble.value
      ? html`<main id="main"><p class="banner bad" role="alert">${trouble.value.message}. Trying again every 5 s.</p></main>`
      : html`<main id="main"><p class="empty" role="status">Reading…</p></main>`;
  }
  if (me.value === null) return html`<${SignIn} onDone=${enter} />`;
  const id = place.value.resource;
  return html`
    <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.getElementById("main").focus(); }}>To the content</a>
    <header class="top">
      <a class="brand" href="#/"><img src="/mark.svg" alt="" />Cotidal</a>
      ${id ? html`<span class="crumb" aria-hidden="true">/ ${id}</span>` : null}
      <span class="end"><${Live} /><span class="muted small who">${me.value.name} (${me.value.permission})</span><button class="plain" onClick=${leave}>Sign out</button></span>
    </header>
    ${connection.value === "lost" ? html`<div class="banner bad" role="alert">The control plane does not answer. What you see is from ${clock(heard.value * 1000)}, ${ago(heard.value * 1000, now.value)}; trying again.</div>` : null}
    ${trouble.value && connection.value !== "lost" ? html`<div class="banner bad" role="alert">${trouble.value.message}</div>` : null}
    ${id ? html`<${Resource} key=${id} id=${id} />` : html`<${Fleet} />`}`;
}

effect(() => {
  document.title = place.value.resource ? `${place.value.resource} · Cotidal` : "Cotidal";
  document.documentElement.dataset.version = version.value;
});

effect(() => {
  if (me.value === null) stop();
});

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, dialog");
  if (event.key === "/" && !typing && document.getElementById("filter")) {
    event.preventDefault();
    document.getElementById("filter").focus();
  }
});

setInterval(() => {
  if (me.value === undefined) enter();
}, 5000);

render(html`<${Page} />`, document.getElementById("page"));
enter();
