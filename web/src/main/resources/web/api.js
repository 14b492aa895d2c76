// Calls the API. The browser adds the session's cookie; nothing here ever sees a token but the sign-in form.

/** A refusal: RFC 9457, as the server wrote it. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = String(body.type ?? "").split("/").at(-1);
    this.hint = body.hint ?? "";
    this.operation = body.operation ?? null;
  }
}

async function call(method, path, body, headers = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        "Cotidal-Request": "page",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, { detail: "the control plane does not answer", hint: "is it running?" });
  }
  const text = await response.text();
  let value = {};
  try {
    value = text ? JSON.parse(text) : {};
  } catch {
    throw new Problem(response.status, { detail: "the answer is not JSON" });
  }
  if (!response.ok) throw new Problem(response.status, value);
  return value;
}

const resource = (id) => `/api/v1/resources/${id}`;

export const api = {
  me: () => call("GET", "/api/v1/me"),
  version: () => call("GET", "/api/v1/version"),
  actions: () => call("GET", "/api/v1/actions"),
  resources: () => call("GET", "/api/v1/resources"),
  resource: (id) => call("GET", resource(id)),
  operation: (id, number) => call("GET", `${resource(id)}/operations/${number}`),
  operations: (id) => call("GET", `${resource(id)}/operations?limit=30`),
  access: (id, item) => call("GET", `${resource(id)}/items/${item.sort}/${item.name}/access`),
  latestEvents: (id) => call("GET", `/api/v1/events?latest=100${id ? `&resource=${id}` : ""}`),
  signIn: (token) => call("POST", "/session", { token }),
  signOut: () => call("DELETE", "/session"),
  decide: (id, number, verb, body = {}) =>
    call("POST", `${resource(id)}/operations/${number}/${verb}`, body, { Prefer: "wait=0" }),
  approvalSteps: (id, number) =>
    call("POST", `${resource(id)}/operations/${number}/approve?dryRun=true`, {}),
  steps: (id, action, input) => call("POST", `${resource(id)}/${action}?dryRun=true`, input),
  begin: (id, action, input, key) =>
    call("POST", `${resource(id)}/${action}`, input, { Prefer: "wait=0", "Idempotency-Key": key }),
};
