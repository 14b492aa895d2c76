// The way in.
import { html, useState } from "./dom.js";
import { api } from "./api.js";

export function SignIn({ onDone }) {
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const spent = new URLSearchParams(location.search).get("link") === "spent";
  const submit = async (event) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get("token");
    setBusy(true);
    try {
      await api.signIn(token);
      history.replaceState(null, "", `/${location.hash}`);
      await onDone();
    } catch (refused) {
      setProblem(refused);
      setBusy(false);
    }
  };
  return html`<main class="signin" id="main"><form onSubmit=${submit}>
    <img src="/mark.svg" alt="" />
    <h1>Sign in to Cotidal</h1>
    ${spent && !problem ? html`<p class="banner warn" role="alert">That link has been used or is too old. A new one is printed by <code>cot serve</code>, or sign in with a token.</p>` : null}
    <label>Token<span class="hint">Made by <code>cot token create</code>; it begins with cot_.</span>
      <input name="token" type="password" autocomplete="off" required autofocus aria-describedby="refused" /></label>
    <div id="refused">${problem ? html`<p class="banner bad" role="alert">${problem.status === 401 ? "This token is unknown or has expired." : problem.message}</p>` : null}</div>
    <button class="go" disabled=${busy}>Sign in</button>
  </form></main>`;
}
