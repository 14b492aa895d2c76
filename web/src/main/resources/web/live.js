// Follows the control plane: server-sent events say what has changed, and the page reads that anew. If the stream does
// not come, the page asks every five seconds.
import { add, connection, heard, me, readAll, readOne } from "./state.js";

let source = null;
let polling = null;

export function follow() {
  stop();
  connection.value = "connecting";
  source = new EventSource("/api/v1/stream");
  source.addEventListener("open", () => {
    connection.value = "live";
    heard.value = Date.now();
    clearInterval(polling);
    polling = null;
  });
  source.addEventListener("resync", () => readAll());
  source.addEventListener("event", (message) => {
    heard.value = Date.now();
    add(JSON.parse(message.data));
  });
  source.addEventListener("resource", (message) => {
    heard.value = Date.now();
    readOne(JSON.parse(message.data).id);
  });
  source.addEventListener("error", () => {
    connection.value = "lost";
    polling ??= setInterval(again, 5000);
  });
}

async function again() {
  await readAll();
  if (me.value && source?.readyState === EventSource.CLOSED) follow();
}

export function stop() {
  source?.close();
  source = null;
  clearInterval(polling);
  polling = null;
}
