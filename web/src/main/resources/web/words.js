// Times, sizes and words, as people read them.

/** "14:03:07", by the reader's clock. */
export function clock(micros) {
  return new Date(micros / 1000).toLocaleTimeString("en-GB");
}

/** "2026-11-21 14:03:07". */
export function moment(micros) {
  const date = new Date(micros / 1000);
  return `${date.toLocaleDateString("sv-SE")} ${date.toLocaleTimeString("en-GB")}`;
}

/** "3 min ago". */
export function ago(micros, now) {
  const seconds = Math.max(0, Math.round((now - micros / 1000) / 1000));
  if (seconds < 2) return "just now";
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}

/** "in 8 h"; "never" for 0. */
export function until(micros, now) {
  if (micros === 0) return "never";
  const seconds = Math.round((micros / 1000 - now) / 1000);
  if (seconds <= 0) return "now";
  if (seconds < 5400) return `in ${Math.max(1, Math.round(seconds / 60))} min`;
  if (seconds < 129600) return `in ${Math.round(seconds / 3600)} h`;
  return `in ${Math.round(seconds / 86400)} days`;
}

/** "84 ms", "1.25 s", "3 min 12 s". */
export function span(micros) {
  const millis = micros / 1000;
  if (millis < 1) return "< 1 ms";
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < 60000) return `${(millis / 1000).toFixed(2)} s`;
  const seconds = Math.round(millis / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** "1.8 KiB"; "unknown" if nobody can say. */
export function bytes(count) {
  if (count === null || count === undefined) return "unknown";
  if (count < 1024) return `${count} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = -1;
  do {
    value /= 1024;
    unit++;
  } while (value >= 1024 && unit < units.length - 1);
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** "switchover" of "postgres/orders#17" and so on: the number alone. */
export function number(operationId) {
  return Number(operationId.slice(operationId.indexOf("#") + 1));
}

/** "accept-loss" as "Accept loss". */
export function title(word) {
  const text = word.replaceAll("-", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const ENDED = new Set(["done", "failed", "cancelled", "superseded"]);

/** Whether nothing more will happen to an operation. */
export function ended(operation) {
  return ENDED.has(operation.state);
}

/** Whether an operation is being done, or wants to be. */
export function underWay(operation) {
  return !ended(operation) && operation.state !== "proposed";
}

/** How much a view calls for attention: 0 not at all. */
export function badness(view) {
  const severity = { info: 0, warning: 2, critical: 4 }[view.diagnosis.severity];
  const attention = view.operations.some((operation) => operation.state === "attention") ? 3 : 0;
  const waits = view.operations.some((operation) => operation.state === "proposed") ? 1 : 0;
  return Math.max(severity, attention) * 2 + (view.inSync ? 0 : 1) + waits;
}

/** The class of a severity: good, warn or bad. */
export function tone(severity) {
  return { info: "good", warning: "warn", critical: "bad" }[severity] ?? "calm";
}

/** The tone of an operation's state. */
export function stateTone(state) {
  return {
    proposed: "warn", queued: "tide", running: "tide", waiting: "tide", cancelling: "tide",
    attention: "bad", done: "good", failed: "bad", cancelled: "calm", superseded: "calm",
  }[state] ?? "calm";
}

/** The tone of an item's state. */
export function itemTone(state) {
  return { ready: "good", broken: "bad", stopped: "calm" }[state] ?? "tide";
}

/** The tone of a risk. */
export function riskTone(risk) {
  return { safe: "calm", disruptive: "warn", irreversible: "bad" }[risk] ?? "calm";
}
