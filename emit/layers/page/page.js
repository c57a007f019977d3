"use strict";
const { report, comparison, budgets, trees, least, notes } = JSON.parse(
  document.getElementById("data").textContent);
const $ = (selector) => document.querySelector(selector);
const SHOWN = 3; // findings before the button
const SMALL = 3; // pixels: a cell with a shorter side is not drawn
const TITLE = 17; // pixels of a folder's name
const state = { view: "visible", path: [], search: "", layer: 0, key: "index", down: false };

// Nothing from the image is ever markup: text goes in as text.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = Math.abs(count), unit = 0;
  while (value >= 999.5 && unit < units.length - 1) { value /= 1000; unit += 1; }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${count < 0 ? "−" : ""}${value.toFixed(digits)} ${units[unit]}`;
}

const oneLine = (text) => text.replace(/\s+/g, " ").trim() || "(no command in the history)";
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const place = (one) => `${one.path} ${bytes(one.bytes)}` +
  (one.path.endsWith("/") ? `, ${count(one.files, "file")}` : "");
const places = (all) => all.slice(0, 3).map(place).join(" · ");
// The golden angle sets neighbours far apart, however many layers there are.
const colour = (layer) => `hsl(${(210 + (layer - 1) * 137.5) % 360} 62% 72%)`;

function where(index) {
  const { source } = report.layers[index - 1];
  return `layer ${index}${source ? `, ${source.file}:${source.line}` : ""}`;
}

function header() {
  const { image, totals } = report;
  document.title = `${image.name}: emit layers`;
  $("#name").textContent = image.name;
  const tags = image.tags.filter((tag) => tag !== image.name);
  $("#about").textContent = [...tags, image.platform, image.id.slice(0, 19)].join(" · ");
  const numbers = [
    [bytes(totals.stored), `in ${count(totals.layers, "layer")}`],
    [totals.pulled === null ? "?" : bytes(totals.pulled), "to pull"],
    [bytes(totals.wasted), "wasted"],
    [`${totals.efficiency.toFixed(0)} %`, "efficiency"],
    [totals.files.toLocaleString("en"), "files"],
  ];
  for (const [number, word] of numbers) {
    const bad = word === "wasted" && totals.wasted > 0.01 * totals.stored;
    $("#numbers").append(make("li", {}, make("b", { class: bad ? "bad" : "" }, number), word));
  }
  if (least) $("#tip").append(` Files below ${bytes(least)} are drawn together.`);
  for (const note of notes) $("#notes").append(make("p", {}, note));
}

function findings() {
  const list = $("#findings ol");
  const worth = report.findings.filter(
    (one) => one.bytes > 0.001 * report.totals.stored && !one.base);
  if (!worth.length) list.append(make("li", { class: "more good" }, "Nothing to gain."));
  worth.forEach((one, index) => {
    const culprit = one.killed_by ?? one.layer;
    const said = make("div", {},
      make("code", {}, oneLine(report.layers[culprit - 1].command)),
      make("span", { class: "soft" }, ` (${where(culprit)})`));
    const what = make("p", {}, one.what);
    if (culprit !== one.layer) {
      what.append(": ", make("code", {}, oneLine(report.layers[one.layer - 1].command)));
    }
    said.append(what, make("p", { class: "soft" }, make("code", {}, places(one.paths))),
      make("p", { class: "cure" }, `→ ${one.hint}`));
    const item = make("li", {}, make("b", { class: "bad" }, bytes(one.bytes)), said);
    item.hidden = index >= SHOWN;
    list.append(item);
  });
  if (worth.length > SHOWN) {
    const button = make("button", { type: "button", class: "more" });
    const rest = worth.slice(SHOWN).reduce((sum, one) => sum + one.bytes, 0);
    button.textContent = `and ${worth.length - SHOWN} more, ${bytes(rest)} ▾`;
    button.onclick = () => {
      for (const item of list.children) item.hidden = false;
      button.remove();
    };
    list.after(button);
  }
}

function more() {
  for (const one of budgets) {
    $("#budgets").hidden = false;
    $("#budgets ul").append(make("li", { class: one.ok ? "good" : "bad" },
      `${one.ok ? "✓" : "✗ broken:"} ${one.name} ${one.limit}: ${one.actual}`));
  }
  const lines = report.secrets.map((one) => `${one.path} in layer ${one.layer}` +
    (one.removed_by ? `; layer ${one.removed_by} does not take it out again` : ""));
  lines.push(...report.image.secret_args.map(
    (name) => `build argument ${name}: the history keeps its value`));
  for (const line of lines) {
    $("#secrets").hidden = false;
    $("#secrets ul").append(make("li", { class: "bad" }, line));
  }
  if (!comparison) return;
  $("#comparison").hidden = false;
  $("#comparison h2").textContent = comparison.said;
  for (const one of comparison.changes.filter((change) => change.delta)) {
    const sign = one.delta > 0 ? "+" : "";
    $("#comparison ol").append(make("li", {},
      make("b", { class: one.delta > 0 ? "bad" : "good" }, sign + bytes(one.delta)),
      make("div", {}, make("code", {}, oneLine(one.command)),
        make("span", { class: "soft" }, ` (${one.where})`),
        make("p", { class: "soft" },
          make("code", {}, places(one.delta > 0 ? one.grown : one.shrunk))))));
  }
}

// Squarified treemap: rows that keep the cells near squares (Bruls, Huizing, van Wijk, 2000).
function squarify(items, box, draw) {
  let { x, y, width, height } = box;
  let left = items.reduce((sum, item) => sum + item.b, 0);
  for (let start = 0; start < items.length && left > 0;) {
    const side = Math.min(width, height);
    const scale = (width * height) / left;
    let end = start, sum = 0, worst = Infinity;
    while (end < items.length) {
      const next = sum + items[end].b;
      const thick = (next * scale) / side;
      const ratios = [items[start].b, items[end].b].map((b) => {
        const long = (b * scale) / thick;
        return Math.max(thick / long, long / thick);
      });
      const ratio = Math.max(...ratios);
      if (ratio > worst) break;
      [worst, sum, end] = [ratio, next, end + 1];
    }
    const thick = (sum * scale) / side;
    let at = 0;
    for (; start < end; start += 1) {
      const long = (items[start].b * scale) / thick;
      draw(items[start], width >= height
        ? { x, y: y + at, width: thick, height: long }
        : { x: x + at, y, width: long, height: thick });
      at += long;
    }
    if (width >= height) { x += thick; width -= thick; } else { y += thick; height -= thick; }
    left -= sum;
  }
}

function current() {
  let node = trees[state.view];
  const path = [];
  for (const name of state.path) {
    const next = (node.c || []).find((child) => child.n === name && child.c);
    if (!next) break;
    node = next;
    path.push(name);
  }
  state.path = path;
  return node;
}

const fits = (path) => !state.search || path.toLowerCase().includes(state.search);

function drawMap() {
  const tree = $("#tree");
  tree.replaceChildren();
  const node = current();
  const found = { files: 0, bytes: 0 };
  const box = { x: 0, y: 0, width: tree.clientWidth, height: tree.clientHeight };
  if (!node.b) tree.append(make("p", { class: "empty" }, "No bytes here."));
  cells(tree, node, `/${state.path.map((name) => `${name}/`).join("")}`, box);
  tally(node, `/${state.path.map((name) => `${name}/`).join("")}`, found);
  $("#hits").textContent = state.search || state.layer
    ? `${count(found.files, "file")}, ${bytes(found.bytes)}` : "";
  trail(node);
}

function tally(node, path, found) {
  for (const child of node.c || []) {
    const full = path + child.n;
    if (child.c) tally(child, `${full}/`, found);
    else if (fits(full) && (!state.layer || child.l === state.layer)) {
      found.files += child.f;
      found.bytes += child.b;
    }
  }
}

function cells(parent, node, path, box) {
  squarify(node.c || [], box, (child, at) => {
    if (Math.min(at.width, at.height) < SMALL) return;
    const full = path + child.n + (child.c ? "/" : "");
    const cell = make("div", { class: child.c ? "cell folder" : "cell", title:
      `${full}\n${bytes(child.b)}${child.f > 1 ? `, ${count(child.f, "file")}` : ""}` +
      (child.l ? `\n${where(child.l)}${child.k ? `, gone in layer ${child.k}` : ""}` : "") });
    Object.assign(cell.style, { left: `${at.x}px`, top: `${at.y}px`,
      width: `${at.width}px`, height: `${at.height}px` });
    const wide = at.width > 34 && at.height > TITLE;
    if (wide) cell.append(`${child.n}${child.c ? "/" : ""} ${at.width > 110 ? bytes(child.b) : ""}`);
    parent.append(cell);
    if (child.c) {
      cell.tabIndex = 0;
      cell.dataset.path = full;
      const open = (event) => {
        event.stopPropagation();
        go(full.split("/").filter(Boolean));
      };
      cell.onclick = open;
      cell.onkeydown = (event) => { if (event.key === "Enter") open(event); };
      const top = wide ? TITLE : 1;
      cells(cell, child, full, { x: 1, y: top, width: at.width - 4, height: at.height - top - 3 });
    } else {
      cell.dataset.file = full;
      cell.style.background = colour(child.l);
      const on = fits(full) && (!state.layer || child.l === state.layer);
      if (!on) cell.classList.add("dim");
      else if (state.search) cell.classList.add("hit");
    }
  });
}

function trail(node) {
  const parts = [["/", []], ...state.path.map(
    (name, index) => [`${name}/`, state.path.slice(0, index + 1)])];
  $("#trail").replaceChildren(...parts.map(([text, path]) => {
    const button = make("button", { type: "button" }, text);
    button.onclick = () => go(path);
    return button;
  }), make("span", { class: "soft" }, ` ${bytes(node.b)}`));
}

// The folder is in the address, so that "back" leads out again.
function go(path) {
  location.hash = `#/${path.map(encodeURIComponent).join("/")}`;
}

function arrive() {
  state.path = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
  drawMap();
}

function drawLayers() {
  const rows = [...report.layers].sort((one, other) => {
    const [a, b] = [one[state.key], other[state.key]];
    const order = typeof a === "string" ? a.localeCompare(b) : (a ?? -1) - (b ?? -1);
    return (state.down ? -order : order) || one.index - other.index;
  });
  $("#layers tbody").replaceChildren(...rows.map(layerRow));
  for (const head of document.querySelectorAll("th")) {
    if (head.dataset.key === state.key) {
      head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    } else head.removeAttribute("aria-sort");
  }
}

function layerRow(layer) {
  const swatch = make("span", { class: "swatch" });
  swatch.style.background = colour(layer.index);
  const button = make("button", { type: "button", title: "show only this layer in the map",
    "aria-pressed": String(layer.index === state.layer) }, swatch, String(layer.index));
  button.onclick = () => {
    state.layer = state.layer === layer.index ? 0 : layer.index;
    drawLayers();
    drawMap();
  };
  const source = layer.source ? ` ${layer.source.file}:${layer.source.line}` : "";
  const cells = [
    [button, layer.base ? " base" : ""],
    [bytes(layer.stored)],
    [layer.pulled === null ? "?" : bytes(layer.pulled)],
    [layer.wasted ? bytes(layer.wasted) : ""],
    [layer.files.toLocaleString("en")],
  ].map((content) => make("td", { class: "number" }, ...content));
  cells[3].classList.add("bad");
  const row = make("tr", {}, ...cells, make("td", {},
    make("pre", {}, layer.command || "(no command in the history)"),
    make("span", { class: "soft" }, make("code", {}, places(layer.top)), source)));
  if (layer.index === state.layer) row.className = "chosen";
  return row;
}

function listen() {
  for (const head of document.querySelectorAll("th")) {
    head.querySelector("button").onclick = () => {
      const { key } = head.dataset;
      state.down = state.key === key ? !state.down : !["index", "command"].includes(key);
      state.key = key;
      drawLayers();
    };
  }
  for (const button of document.querySelectorAll("#views button")) {
    button.onclick = () => {
      state.view = button.dataset.view;
      for (const one of document.querySelectorAll("#views button")) {
        one.setAttribute("aria-pressed", String(one === button));
      }
      drawMap();
    };
  }
  $("#search").oninput = (event) => {
    state.search = event.target.value.toLowerCase();
    drawMap();
  };
  addEventListener("hashchange", arrive);
  addEventListener("resize", drawMap);
}

header();
findings();
more();
listen();
drawLayers();
arrive();
