// Members and links as a drawing with a layout that depends only on who there is: who sends stands left (above, on a
// narrow screen) of who receives, in the order of the configuration. Nothing moves without a cause.
import { html, useEffect, useState } from "./dom.js";
import { bytes } from "./words.js";
import { memberClass, memberShape, Glyph } from "./marks.js";

const CARD = { width: 236, height: 58 };

/** How many links away from a sender each member is. */
export function tiers(members, links) {
  const leads = members.filter((member) => member.writable || member.role === "primary");
  const roots = leads.length > 0 ? leads : members.filter((member) => links.some((link) => link.from === member.id) && !links.some((link) => link.to === member.id));
  const depth = new Map(roots.map((member) => [member.id, 0]));
  let frontier = [...depth.keys()];
  for (let tier = 1; frontier.length > 0; tier++) {
    const next = [];
    for (const link of links) {
      if (frontier.includes(link.from) && !depth.has(link.to)) {
        depth.set(link.to, tier);
        next.push(link.to);
      }
    }
    frontier = next;
  }
  const rest = roots.length > 0 ? 1 : 0;
  const last = Math.max(rest, ...depth.values());
  const columns = Array.from({ length: last + 1 }, () => []);
  for (const member of members) columns[depth.get(member.id) ?? rest].push(member);
  return columns.filter((column) => column.length > 0);
}

/** Where each member's card stands. */
function positions(columns, links, narrow) {
  const at = new Map();
  if (narrow) {
    let y = 4;
    for (const column of columns) {
      for (const member of column) {
        at.set(member.id, { x: column === columns[0] ? 4 : 48, y, width: column === columns[0] ? 268 : 224 });
        y += CARD.height + 26;
      }
      y += 8;
    }
    return { at, width: 300, height: y - 26 };
  }
  const rows = Math.max(...columns.map((column) => column.length));
  const height = Math.max(rows * (CARD.height + 22), 120);
  const gap = 150;
  columns.forEach((column, index) => {
    const step = height / column.length;
    column.forEach((member, row) => at.set(member.id, { x: 4 + index * (CARD.width + gap), y: step * (row + 0.5) - CARD.height / 2, width: CARD.width }));
  });
  const loop = links.some((link) => at.get(link.from)?.x === at.get(link.to)?.x) ? 96 : 0;
  return { at, width: Math.max(8 + columns.length * CARD.width + (columns.length - 1) * gap + loop, 640), height };
}

function look(link) {
  if (link.state === "broken") return "broken";
  return link.planned ? "planned" : "";
}

function label(link) {
  if (link.state === "broken") return "broken";
  if (link.planned) return "planned";
  if (link.state !== "streaming") return link.state;
  return link.lagBytes === null ? "lag unknown" : link.lagBytes === 0 ? "no lag" : `${bytes(link.lagBytes)} behind`;
}

function thickness(link) {
  if (link.lagBytes === null || link.lagBytes < 1 << 20) return "";
  return link.lagBytes < 64 << 20 ? "thick" : "thicker";
}

function drawn(link, at, narrow) {
  const a = at.get(link.from);
  const b = at.get(link.to);
  if (!a || !b) return null;
  const kind = look(link);
  let d, tip, text;
  if (narrow) {
    const yb = b.y + CARD.height / 2;
    if (a.x < b.x) {
      d = `M${a.x + 22} ${a.y + CARD.height}V${yb}H${b.x - 7}`;
      tip = `M${b.x} ${yb}l-9 -4.5v9z`;
      text = { x: b.x + 64, y: b.y - 8 };
    } else {
      // Among equals, and back to a sender, a link runs along the right edge.
      const right = b.x + b.width;
      d = `M${a.x + a.width} ${a.y + CARD.height / 2}H${right + 18}V${yb}H${right + 7}`;
      tip = `M${right} ${yb}l9 -4.5v9z`;
      text = { x: right - 40, y: b.y - 8 };
    }
  } else {
    const forward = a.x < b.x;
    const same = a.x === b.x;
    const x1 = forward || same ? a.x + a.width : a.x;
    const x2 = forward ? b.x : same ? b.x + b.width : b.x + b.width;
    const y1 = a.y + CARD.height / 2;
    const y2 = b.y + CARD.height / 2;
    const end = forward ? x2 - 8 : x2 + 8;
    const bend = same ? 60 : Math.abs(x2 - x1) / 2;
    const c1 = forward || same ? x1 + bend : x1 - bend;
    const c2 = forward ? end - bend : end + bend;
    d = `M${x1} ${y1}C${c1} ${y1} ${c2} ${y2} ${end} ${y2}`;
    tip = forward ? `M${x2} ${y2}l-10 -5v10z` : `M${x2} ${y2}l10 -5v10z`;
    text = { x: same ? x1 + 49 : (x1 + end) / 2, y: (y1 + y2) / 2 + 4 };
  }
  const words = label(link);
  const half = words.length * 3.1 + 5;
  return html`<g>
    <path class="link ${kind} ${thickness(link)}" d=${d} />
    <path class="linkhead ${kind}" d=${tip} />
    <rect class="linkground" x=${text.x - half} y=${text.y - 11} width=${half * 2} height="15" rx="3" />
    <text class="linktext ${kind}" x=${text.x} y=${text.y}>${words}</text>
  </g>`;
}

function card(member, at) {
  const place = at.get(member.id);
  const most = Math.floor((place.width - 52) / 6.1);
  const status = member.status.length > most ? `${member.status.slice(0, most - 1)}…` : member.status;
  return html`<g class="node ${memberClass(member)}">
    <rect class="card" x=${place.x} y=${place.y} width=${place.width} height=${CARD.height} rx="8" />
    ${memberShape(member, place.x + 24, place.y + CARD.height / 2, 11)}
    <text x=${place.x + 44} y=${place.y + 25}>${member.id}</text>
    <text class="sub" x=${place.x + 44 + member.id.length * 9 + 8} y=${place.y + 25}>${member.role}</text>
    <text class="sub" x=${place.x + 44} y=${place.y + 43}>${status}</text>
  </g>`;
}

function useNarrow() {
  const query = matchMedia("(max-width: 700px)");
  const [narrow, set] = useState(query.matches);
  useEffect(() => {
    const change = () => set(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return narrow;
}

export function Topology({ view }) {
  const narrow = useNarrow();
  if (view.members.length === 0) return html`<p class="empty">No member is configured.</p>`;
  const { at, width, height } = positions(tiers(view.members, view.links), view.links, narrow);
  const summary = `${view.members.length} members and ${view.links.length} links; the tables below say the same.`;
  return html`<svg class="topology" viewBox="0 0 ${width} ${height}" role="img" aria-label=${summary}>
    ${view.links.map((link) => drawn(link, at, narrow))}
    ${view.members.map((member) => card(member, at))}
  </svg>`;
}

/** The drawing's twin. */
export function Tables({ view }) {
  const facts = [...new Set(view.members.flatMap((member) => Object.keys(member.facts)))].slice(0, 5);
  return html`
    <div class="tablewrap" tabindex="0" role="group" aria-label="Members, scrollable">
      <table>
        <caption class="unseen">Members</caption>
        <thead><tr><th scope="col">Member</th><th scope="col">Role</th><th scope="col">Status</th><th scope="col">Writes</th>${facts.map((fact) => html`<th scope="col">${fact}</th>`)}</tr></thead>
        <tbody>${view.members.map((member) => html`<tr>
          <th scope="row"><span class="row"><${Glyph} member=${member} />${member.id}</span></th>
          <td>${member.role}</td><td>${member.status}</td><td>${member.writable ? "yes" : "no"}</td>
          ${facts.map((fact) => html`<td class="mono tight">${member.facts[fact] ?? "–"}</td>`)}
        </tr>`)}</tbody>
      </table>
    </div>
    <details class="body"><summary>Links as a table</summary>
      <div class="tablewrap" tabindex="0" role="group" aria-label="Links, scrollable">
        <table>
          <caption class="unseen">Links</caption>
          <thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">State</th><th scope="col" class="number">Behind</th></tr></thead>
          <tbody>${view.links.map((link) => html`<tr><td>${link.from}</td><td>${link.to}</td><td>${link.state}${link.planned ? ", wanted" : ""}</td><td class="number">${link.lagSeconds === null ? bytes(link.lagBytes) : `${link.lagSeconds} s`}</td></tr>`)}</tbody>
        </table>
      </div>
    </details>`;
}
