// A graph in columns, from who calls to who is called: nodes are { name, text, kind, href, out }, edges { from, to, weight }.
"use strict";
const COLUMN = 250, LINE = 30, WIDE = 200, HIGH = 22, LETTERS = 30, SWEEPS = 4, SVG = "http://www.w3.org/2000/svg";
const SIGNS = { pure: "○ ", stateful: "◐ ", seedable: "⚄ ", port: "⇄ ", opaque: "? " };

function shape(name, properties, ...inside) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

// Nodes that reach one another share a column; every other one stands right of all that call it.
function columns(count, edges) {
  const next = Array.from({ length: count }, () => []);
  for (const { from, to } of edges) next[from].push(to);
  const of = circles(next), rank = new Map();
  const before = new Map();
  for (const { from, to } of edges) {
    if (of[from] === of[to]) continue;
    if (!before.has(of[to])) before.set(of[to], new Set());
    before.get(of[to]).add(of[from]);
  }
  const place = (group) => {
    if (!rank.has(group)) rank.set(group, Math.max(-1, ...[...(before.get(group) || [])].map(place)) + 1);
    return rank.get(group);
  };
  return of.map(place);
}

// The number of the strongly connected group of each node (Tarjan).
function circles(next) {
  const index = [], low = [], of = [], stack = [], open = new Set();
  let groups = 0, seen = 0;
  const visit = (node) => {
    index[node] = low[node] = seen;
    seen += 1;
    stack.push(node);
    open.add(node);
    for (const to of next[node]) {
      if (index[to] === undefined) visit(to);
      if (open.has(to)) low[node] = Math.min(low[node], low[to]);
    }
    if (low[node] !== index[node]) return;
    for (let one; one !== node;) {
      one = stack.pop();
      open.delete(one);
      of[one] = groups;
    }
    groups += 1;
  };
  next.forEach((_, node) => { if (index[node] === undefined) visit(node); });
  return of;
}

// Within a column, nodes stand near what they are tied to.
function rows(ranks, edges) {
  const by = new Map();
  ranks.forEach((rank, node) => by.set(rank, [...(by.get(rank) || []), node]));
  const at = [], tied = ranks.map(() => []);
  for (const { from, to } of edges) { tied[from].push(to); tied[to].push(from); }
  const number = () => by.forEach((nodes) => nodes.forEach((node, row) => { at[node] = row - nodes.length / 2; }));
  number();
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const nodes of by.values()) {
      const middle = new Map(nodes.map((node) => [node, tied[node].length ? tied[node].reduce((sum, one) => sum + at[one], 0) / tied[node].length : at[node]]));
      nodes.sort((one, other) => middle.get(one) - middle.get(other) || one - other);
    }
    number();
  }
  const longest = Math.max(...[...by.values()].map((nodes) => nodes.length));
  return { rows: at.map((row) => row + longest / 2), longest };
}

function drawing(nodes, edges, ranks = columns(nodes.length, edges)) {
  const { rows: at, longest } = rows(ranks, edges);
  const x = (node) => 10 + ranks[node] * COLUMN, y = (node) => 10 + at[node] * LINE;
  const size = [20 + Math.max(...ranks) * COLUMN + WIDE, 20 + longest * LINE];
  const made = shape("svg", { width: size[0], height: size[1], viewBox: `0 0 ${size[0]} ${size[1]}`, role: "group" });
  const paths = edges.map(({ from, to, weight }) => {
    const back = ranks[to] <= ranks[from];
    const [x1, y1, x2, y2] = [x(from) + (back ? 0 : WIDE), y(from) + HIGH / 2, x(to) + (back && ranks[to] !== ranks[from] ? WIDE : 0), y(to) + HIGH / 2];
    const bend = back ? -30 : (x2 - x1) / 2;
    return shape("path", { class: back ? "back" : "", "stroke-width": 1 + Math.min(4, Math.log2(weight)), d: `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}` });
  });
  made.append(...paths);
  nodes.forEach((node, number) => {
    const sign = node.out ? "" : SIGNS[node.kind.split(" ")[0]] || "";
    const text = sign + (node.text.length > LETTERS ? `…${node.text.slice(1 - LETTERS)}` : node.text);
    const inside = [
      shape("title", {}, `${node.text}: ${node.kind}`), shape("rect", { x: x(number), y: y(number), width: WIDE, height: HIGH, rx: node.out ? 11 : 3 }),
      shape("text", { x: x(number) + 8, y: y(number) + 15 }, text),
    ];
    const look = `node ${node.kind.split(" ")[0]}${node.out ? " out" : ""}${node.here ? " here" : ""}`;
    const group = shape("g", { class: look }, ...(node.href ? [shape("a", { href: node.href, "aria-label": `${node.text}: ${node.kind}` }, ...inside)] : inside));
    const light = (on) => {
      made.classList.toggle("some", on);
      edges.forEach(({ from, to }, edge) => { if (from === number || to === number) paths[edge].classList.toggle("on", on); });
    };
    for (const event of ["mouseenter", "focusin"]) group.addEventListener(event, () => light(true));
    for (const event of ["mouseleave", "focusout"]) group.addEventListener(event, () => light(false));
    made.append(group);
  });
  return made;
}
