// What the page knows. Everything shown is a function of these.
import { signal, computed, effect, batch } from "./dom.js";
import { api, Problem } from "./api.js";

/** Who is signed in; null if nobody is, undefined before that is known. */
export const me = signal(undefined);
export const version = signal("");
/** Resource views by id. */
export const views = signal(new Map());
/** Whether views were ever loaded. */
export const loaded = signal(false);
export const actions = signal([]);
/** The newest events of what is looked at, newest first. */
export const events = signal([]);
/** What they are of: a resource, null for all, undefined as long as they were not read. */
export const eventsOf = signal(undefined);
/** "connecting", "live" or "lost". */
export const connection = signal("connecting");
/** When the page last heard from the control plane, in milliseconds. */
export const heard = signal(Date.now());
/** The reader's clock, in milliseconds. */
export const now = signal(Date.now());
/** What went wrong last, to be said in a banner; null if nothing did. */
export const trouble = signal(null);
export const path = signal(location.hash.slice(1) || "/");

addEventListener("hashchange", () => {
  path.value = location.hash.slice(1) || "/";
  scrollTo(0, 0);
});

const MOST_EVENTS = 300;

/** What the address names: a resource and perhaps one of its operations. */
export const place = computed(() => {
  const match = /^\/([a-z0-9._-]+\/[a-z0-9._-]+)(?:\/op\/([0-9]+))?$/.exec(path.value);
  return { resource: match?.[1] ?? null, operation: match?.[2] ? Number(match[2]) : null };
});

/** Whether the one who is signed in may do what needs `needed`. */
export function may(needed) {
  const roles = ["viewer", "user", "operator", "admin"];
  return me.value ? roles.indexOf(me.value.permission) >= roles.indexOf(needed) : false;
}

/** Says what a failed call means: a lost session leads to the sign-in, anything else to a banner. */
export function fail(problem) {
  if (problem instanceof Problem && problem.status === 401) {
    me.value = null;
  } else {
    trouble.value = problem;
  }
}

/** Reads everything anew. */
export async function readAll() {
  try {
    const who = await api.me();
    const [all, asked, build] = await Promise.all([api.resources(), api.actions(), api.version()]);
    batch(() => {
      me.value = who;
      views.value = new Map(all.resources.map((view) => [view.id, view]));
      actions.value = asked.actions.filter((action) => action.risk !== "none");
      version.value = build.version;
      loaded.value = true;
      trouble.value = null;
      heard.value = Date.now();
    });
    await readEvents();
  } catch (problem) {
    fail(problem);
  }
}

/** Reads the newest events of what is looked at; those that came over the stream meanwhile stay. */
async function readEvents() {
  const wanted = place.peek().resource;
  try {
    const latest = await api.latestEvents(wanted);
    if (wanted !== place.peek().resource) return;
    const newer = events.value.filter((one) => one.sequence > latest.last && (!wanted || one.resource === wanted));
    batch(() => {
      events.value = [...newer, ...latest.events.toReversed()];
      eventsOf.value = wanted;
    });
  } catch (problem) {
    // A resource that is not there, or not for these eyes: the page says so in its place.
    if (problem.status !== 404 && problem.status !== 403) fail(problem);
  }
}

const lookedAt = computed(() => place.value.resource);
effect(() => {
  lookedAt.value;
  if (me.peek()) readEvents();
});

effect(() => {
  if (me.value === null) {
    events.value = [];
    eventsOf.value = undefined;
  }
});

const reading = new Map();

/** Reads one resource anew; while that is under way, a further wish is remembered once. */
export async function readOne(id) {
  if (reading.has(id)) {
    reading.set(id, true);
    return;
  }
  reading.set(id, false);
  try {
    const view = await api.resource(id);
    views.value = new Map(views.value).set(id, view);
    heard.value = Date.now();
  } catch (problem) {
    if (problem.status === 404) {
      const rest = new Map(views.value);
      rest.delete(id);
      views.value = rest;
    } else {
      fail(problem);
    }
  } finally {
    const again = reading.get(id);
    reading.delete(id);
    if (again) readOne(id);
  }
}

/** Takes one more event in. */
export function add(event) {
  const wanted = place.value.resource;
  if (wanted && event.resource !== wanted) return;
  if (events.value.some((known) => known.sequence === event.sequence)) return;
  events.value = [event, ...events.value].slice(0, MOST_EVENTS);
}

setInterval(() => {
  const busy = [...views.value.values()].some((view) => view.operations.some((one) => one.state === "running"));
  if (busy || Date.now() - now.value >= 1000) now.value = Date.now();
}, 200);
