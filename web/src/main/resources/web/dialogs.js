// Asking for something: always the steps first, and the resource's name typed before what cannot be undone.
import { html, useEffect, useRef, useState } from "./dom.js";
import { api } from "./api.js";
import { fail, views } from "./state.js";
import { number, title } from "./words.js";
import { RiskMark } from "./marks.js";

export function Dialog({ label, onClose, onSubmit, children }) {
  const element = useRef(null);
  useEffect(() => {
    element.current.showModal();
  }, []);
  const submit = (event) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return html`<dialog ref=${element} aria-label=${label} onClose=${onClose}><form onSubmit=${submit}>${children}</form></dialog>`;
}

function Steps({ preview }) {
  if (!preview) return null;
  const count = preview.steps.length + preview.predicted.length;
  return html`<div class="stack">
    <h3>${count === 0 ? "Nothing would be done" : `It would do ${count} steps`}</h3>
    <ol class="steps" tabindex="0">
      ${preview.steps.map((step) => html`<li><span>${step.sentence}${step.pointOfNoReturn ? html` <strong>(point of no return)</strong>` : null}</span></li>`)}
      ${preview.predicted.map((step) => html`<li class="predicted"><span>${step.sentence} <em>(predicted)</em>${step.pointOfNoReturn ? html` <strong>(point of no return)</strong>` : null}</span></li>`)}
    </ol>
  </div>`;
}

export function Trouble({ of }) {
  return of ? html`<p class="banner bad" role="alert">${of.message}${of.hint ? html`. ${title(of.hint)}.` : null}</p>` : null;
}

function Confirm({ id, item, risk, onTyped }) {
  const name = item || id.slice(id.indexOf("/") + 1);
  if (risk !== "irreversible") return null;
  return html`<label><span>Type <code>${name}</code> to go on</span>
    <span class="hint">It cannot be undone.</span>
    <input name="confirm" autocomplete="off" autocapitalize="off" spellcheck="false" onInput=${(event) => onTyped(event.target.value === name)} />
  </label>`;
}

function Field({ field, members, item }) {
  if (field.type === "flag") {
    return html`<label>${title(field.name)}<span class="hint">${field.summary}</span>
      <select name=${field.name}><option value="">${field.required ? "Choose" : "Not set"}</option><option value="true">Yes</option><option value="false">No</option></select></label>`;
  }
  if (field.type === "member") {
    return html`<label>${title(field.name)}<span class="hint">${field.summary}</span>
      <select name=${field.name} required=${field.required}><option value="">${field.required ? "Choose a member" : "Not set"}</option>${members.map((member) => html`<option value=${member.id}>${member.id} (${member.role})</option>`)}</select></label>`;
  }
  if (field.type === "name") {
    return html`<label>${title(field.name)}<span class="hint">${field.summary}</span><input name=${field.name} maxlength="63" pattern="[a-z0-9][a-z0-9._\\-]*" title="a-z 0-9 . _ - and a letter or digit first" autocapitalize="off" spellcheck="false" value=${item} readonly=${item !== ""} required=${field.required} /></label>`;
  }
  return html`<label>${title(field.name)}<span class="hint">${field.summary}</span><input name=${field.name} maxlength="200" required=${field.required} /></label>`;
}

/** Begins an action; `item` is the name of what it is done with, empty if that is to be written. */
export function ActionDialog({ id, action, item = "", onClose }) {
  const [preview, setPreview] = useState(null);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const [typed, setTyped] = useState(action.risk !== "irreversible");
  const key = useRef(crypto.randomUUID());
  const members = views.value.get(id)?.members ?? [];

  const submit = async (data) => {
    const input = Object.fromEntries(action.input.map((field) => [field.name, data.get(field.name)]).filter(([, value]) => value));
    setBusy(true);
    setProblem(null);
    try {
      if (preview) {
        const operation = await api.begin(id, action.name, input, key.current);
        location.hash = `/${id}/op/${number(operation.id)}`;
        onClose();
      } else {
        setPreview(await api.steps(id, action.name, input));
      }
    } catch (refused) {
      setPreview(null);
      if (refused.status === 401) fail(refused);
      setProblem(refused);
    }
    setBusy(false);
  };
  return html`<${Dialog} label=${title(action.name)} onClose=${onClose} onSubmit=${submit}>
    <div class="row"><h2>${title(action.name)} <span class="muted">${id}</span></h2><${RiskMark} risk=${action.risk} /></div>
    <p>${action.summary}.</p>
    <div class="stack" onInput=${(event) => { if (event.target.name !== "confirm") { setPreview(null); key.current = crypto.randomUUID(); } }}>
      ${action.input.map((field) => html`<${Field} field=${field} members=${members} item=${item} />`)}
    </div>
    <${Steps} preview=${preview} />
    ${preview ? html`<${Confirm} id=${id} item=${item} risk=${action.risk} onTyped=${setTyped} />` : null}
    <${Trouble} of=${problem} />
    <footer>
      <button type="button" onClick=${onClose}>Close</button>
      ${preview ? html`<button class=${action.risk === "irreversible" ? "danger" : "go"} disabled=${busy || !typed}>${title(action.name)} now</button>` : html`<button class="go" disabled=${busy}>Show the steps</button>`}
    </footer>
  <//>`;
}

const SAYS = {
  approve: "Approve and run it",
  reject: "Reject it: it will not run",
  cancel: "End it early, at the boundary of a step",
  resume: "Let it ask again what remains to be done",
  resolve: "Declare its end on your word",
};

/** Approves, rejects, cancels, resumes or resolves an operation. */
export function DecisionDialog({ id, verb, operation, onClose }) {
  const [preview, setPreview] = useState(null);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const careful = verb === "approve" && operation.risk === "irreversible";
  const [typed, setTyped] = useState(!careful);
  useEffect(() => {
    if (verb === "approve") api.approvalSteps(id, number(operation.id)).then(setPreview, setProblem);
  }, []);
  const submit = async (data) => {
    setBusy(true);
    try {
      const body = verb === "resolve" ? { done: data.get("done") === "true", word: data.get("word") } : {};
      await api.decide(id, number(operation.id), verb, body);
      onClose();
    } catch (refused) {
      if (refused.status === 401) fail(refused);
      setProblem(refused);
      setBusy(false);
    }
  };
  return html`<${Dialog} label=${title(verb)} onClose=${onClose} onSubmit=${submit}>
    <div class="row"><h2>${title(verb)} ${operation.type} <span class="muted">${operation.id}</span></h2><${RiskMark} risk=${operation.risk} /></div>
    <p>${SAYS[verb]}. ${operation.reason}</p>
    <${Steps} preview=${preview} />
    ${careful ? html`<${Confirm} id=${id} risk=${operation.risk} onTyped=${setTyped} />` : null}
    ${verb === "resolve" ? html`<label>It counts as<select name="done"><option value="true">done</option><option value="false">failed</option></select></label>
      <label>What you saw<span class="hint">For the record.</span><input name="word" required maxlength="200" /></label>` : null}
    <${Trouble} of=${problem} />
    <footer><button type="button" onClick=${onClose}>Close</button>
      <button class=${careful || verb === "cancel" ? "danger" : "go"} disabled=${busy || !typed}>${title(verb)}</button></footer>
  <//>`;
}
