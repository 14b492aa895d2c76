// Small signs that say with a shape what they also say with a colour.
import { html } from "./dom.js";
import { stateTone, tone, riskTone, title } from "./words.js";

const SHAPES = {
  good: "M2 6.5 5 9.5 10 3",
  warn: "M6 1.5 11 10.5H1ZM6 5v2.4M6 9v.1",
  bad: "M6 1 11 6 6 11 1 6ZM6 3.8v2.6M6 8.2v.1",
  calm: "M2 6h8",
  tide: "M1 7c2-3 3-3 5 0s3 3 5 0",
};

/** The shape of a tone. */
export function Sign({ tone: of }) {
  return html`<svg viewBox="0 0 12 12" aria-hidden="true"><path d=${SHAPES[of] ?? SHAPES.calm} /></svg>`;
}

export function Mark({ tone: of, children, live }) {
  return html`<span class="mark ${of} ${live ? "pulse" : ""}"><${Sign} tone=${of} />${children}</span>`;
}

export function StateMark({ state }) {
  return html`<${Mark} tone=${stateTone(state)} live=${state === "running"}>${state}<//>`;
}

export function RiskMark({ risk }) {
  return html`<${Mark} tone=${riskTone(risk)}>${risk}<//>`;
}

export function SeverityMark({ severity, children }) {
  return html`<${Mark} tone=${tone(severity)}>${children}<//>`;
}

/** The class names of a member's sign. */
export function memberClass(member) {
  const bad = { critical: "bad", warning: "warn" }[member.severity] ?? "";
  return `${member.writable ? "writes" : ""} ${bad} ${member.role === "unknown" ? "unknown" : ""}`;
}

/** A member's role as a shape: a hexagon writes or leads, a circle follows, a diamond is unknown. */
export function memberShape(member, x, y, r) {
  if (member.role === "unknown") {
    return html`<path class="shape" d="M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z" />`;
  }
  if (member.writable || member.role === "primary") {
    const a = r * 0.87;
    const b = r * 0.5;
    return html`<path class="shape" d="M${x} ${y - r}L${x + a} ${y - b}V${y + b}L${x} ${y + r}L${x - a} ${y + b}V${y - b}Z" />`;
  }
  return html`<circle class="shape" cx=${x} cy=${y} r=${r * 0.82} />`;
}

export function Glyph({ member }) {
  return html`<svg class="glyph ${memberClass(member)}" viewBox="0 0 16 16" aria-hidden="true">${memberShape(member, 8, 8, 6.6)}</svg>`;
}

/** Named texts. */
export function Details({ of }) {
  const entries = Object.entries(of);
  return entries.length === 0
    ? null
    : html`<dl class="evidence">${entries.map(([name, value]) => html`<dt>${title(name)}</dt><dd class="mono">${value}</dd>`)}</dl>`;
}
