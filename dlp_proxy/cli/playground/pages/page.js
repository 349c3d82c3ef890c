// The playground: asks the server after each pause in typing, and shows what it says where it belongs.
"use strict";

const PAUSE = 250; // ms without a key before the server is asked
const LINE = 20; // px, as in the style sheet
const $ = (id) => document.getElementById(id);
const text = $("text"), paint = $("paint"), gutter = $("gutter"), bubble = $("bubble");

const state = { folder: "", saved: {}, files: {}, open: "", carets: {}, problems: [], asked: 0, controller: null, timer: 0 };

function element(name, className, words) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (words !== undefined) made.textContent = words;
  return made;
}

async function call(what, given) {
  const options = given && { method: "POST", body: JSON.stringify(given.body), signal: given.signal,
    headers: { "Content-Type": "application/json" } };
  const answer = await fetch(what, options || {});
  if (!answer.ok) throw new Error((await answer.text()).trim() || String(answer.status));
  return answer.json();
}

// ---- the editor ----

// Columns of the server count characters; those of a textarea count UTF-16 units.
const units = (line, column) => Array.from(line).slice(0, column - 1).join("").length;

const TOKENS = /(#.*$)|('(?:[^']|'')*'|"(?:[^"\\]|\\.)*")|(?:^|(?<=[\s{,\-]))(?!- )([^\s'"#{}\[\],:][^'"#{}\[\],:]*)(?=:(?:\s|$))|\b(\d[\d_.]*(?:[smhd]|[KMG]i?B)?)\b/g;

function tokens(line) {
  const found = [];
  for (const match of line.matchAll(TOKENS)) {
    const kind = match[1] !== undefined ? "c" : match[2] !== undefined ? "s" : match[3] !== undefined ? "k" : "n";
    if (kind === "c" && match.index > 0 && !/\s/.test(line[match.index - 1])) continue;
    found.push([match.index, match.index + match[0].length, kind]);
  }
  return found;
}

function painted(line, marks) {
  const cuts = [...tokens(line), ...marks];
  const edges = [...new Set([0, line.length, ...cuts.flatMap(([a, b]) => [a, b])])].filter((one) => one <= line.length);
  edges.sort((a, b) => a - b);
  const out = document.createDocumentFragment();
  edges.forEach((start, index) => {
    const end = edges[index + 1];
    if (end === undefined) return;
    const classes = cuts.filter(([a, b]) => a <= start && end <= b).map((one) => one[2]);
    out.append(classes.length ? element("span", classes.join(" "), line.slice(start, end)) : line.slice(start, end));
  });
  const beyond = marks.find(([a]) => a >= line.length);
  if (beyond) out.append(element("span", beyond[2], " "));
  return out;
}

function here() {
  return state.problems.filter((one) => one.path === state.open);
}

function draw() {
  const lines = text.value.split("\n"), problems = here();
  const sheet = document.createDocumentFragment(), numbers = document.createDocumentFragment();
  lines.forEach((line, index) => {
    const mine = problems.filter((one) => one.line === index + 1);
    const marks = mine.map((one) => [units(line, one.column), units(line, one.column + Math.max(1, one.width)), one.severity]);
    sheet.append(painted(line, marks), "\n");
    const worst = mine.some((one) => one.severity === "error") ? "error" : mine.length ? "warning" : "";
    numbers.append(worst ? element("span", worst, String(index + 1)) : String(index + 1), "\n");
  });
  paint.replaceChildren(sheet);
  gutter.replaceChildren(numbers);
  scrolled();
}

function scrolled() {
  paint.scrollTop = gutter.scrollTop = text.scrollTop;
  paint.scrollLeft = text.scrollLeft;
  placeBubble();
}

function caret() {
  const before = text.value.slice(0, text.selectionStart).split("\n");
  return { line: before.length, unit: before[before.length - 1].length };
}

function underCaret() {
  const at = caret(), row = text.value.split("\n")[at.line - 1];
  const mine = here().filter((one) => one.line === at.line);
  const far = (one) => Math.min(Math.abs(units(row, one.column) - at.unit), Math.abs(units(row, one.column + one.width) - at.unit));
  return mine.sort((a, b) => (a.severity !== b.severity ? (a.severity === "error" ? -1 : 1) : far(a) - far(b)))[0];
}

function said(problem) {
  const out = [element("span", "code", problem.code), problem.message];
  if (problem.help) out.push(element("span", "help", problem.help));
  return out;
}

function placeBubble() {
  const problem = underCaret();
  bubble.hidden = !problem;
  if (!problem) return;
  bubble.className = problem.severity;
  const key = JSON.stringify(problem);
  if (bubble.dataset.key !== key) {
    bubble.dataset.key = key;
    bubble.replaceChildren(...said(problem));
    if (problem.fix) {
      const mend = element("button", "", `Put ${problem.fix}  (Alt+Enter)`);
      mend.type = "button";
      mend.addEventListener("click", () => put(problem));
      bubble.append(mend);
    }
  }
  const line = text.value.split("\n")[problem.line - 1] || "";
  const width = charWidth() * cells(Array.from(line).slice(0, problem.column - 1));
  const top = 8 + problem.line * LINE - text.scrollTop + 3;
  const above = top + bubble.offsetHeight > text.clientHeight;
  bubble.style.top = `${above ? top - LINE - bubble.offsetHeight - 6 : top}px`;
  bubble.style.left = `${Math.max(4, Math.min(12 + width - text.scrollLeft, text.clientWidth - bubble.offsetWidth - 8))}px`;
}

const cells = (chars) => chars.reduce((sum, char) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(char) ? 2 : 1), 0);

function charWidth() {
  if (!charWidth.known) {
    const probe = element("span", "", "0".repeat(100));
    paint.append(probe);
    charWidth.known = probe.getBoundingClientRect().width / 100;
    probe.remove();
  }
  return charWidth.known;
}

function offset(problem) {
  const lines = text.value.split("\n");
  let start = 0;
  for (let index = 0; index < Math.min(problem.line - 1, lines.length); index += 1) start += lines[index].length + 1;
  const line = lines[problem.line - 1] || "";
  return [start + units(line, problem.column), start + units(line, problem.column + problem.width)];
}

function put(problem) {
  const [start, end] = offset(problem);
  text.focus();
  text.setSelectionRange(start, end);
  type(problem.fix);
}

// The one way to change the text that the browser's undo knows of.
function type(words) {
  document.execCommand("insertText", false, words);
}

function goTo(place) {
  if (place.path !== state.open) show(place.path);
  const [start] = offset({ column: 1, width: 0, ...place });
  text.focus();
  text.setSelectionRange(start, start);
  text.scrollTop = Math.max(0, (place.line - 6) * LINE);
  scrolled();
}

function nextProblem(back) {
  if (!state.problems.length) return;
  const at = caret(), order = [...state.problems];
  const after = (one) => one.path > state.open || (one.path === state.open && one.line > at.line);
  const before = (one) => one.path < state.open || (one.path === state.open && one.line < at.line);
  goTo(back ? order.reverse().find(before) || order[0] : order.find(after) || order[0]);
}

// ---- files ----

const short = (path) => (path.startsWith(state.folder) ? path.slice(state.folder.length).replace(/^[/\\]/, "") : path);

function show(path) {
  if (state.open) state.carets[state.open] = [text.selectionStart, text.scrollTop];
  state.open = path;
  text.value = state.files[path];
  const [at, top] = state.carets[path] || [0, 0];
  text.setSelectionRange(at, at);
  text.scrollTop = top;
  tabs();
  draw();
}

function tabs() {
  $("tabs").replaceChildren(...Object.keys(state.files).map((path) => {
    const tab = element("button", "", short(path) + (state.files[path] === state.saved[path] ? "" : " ●"));
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", String(path === state.open));
    const mine = state.problems.filter((one) => one.path === path);
    if (mine.length) {
      tab.append(element("span", mine.some((one) => one.severity === "error") ? "count" : "count warns", String(mine.length)));
    }
    tab.addEventListener("click", () => { show(path); text.focus(); });
    return tab;
  }));
  $("save").disabled = !changed().length;
}

const changed = () => Object.keys(state.files).filter((path) => state.files[path] !== state.saved[path]);

async function save() {
  try {
    for (const file of changed()) {
      const content = state.files[file];
      await call("save", { body: { file, text: content, was: state.saved[file] } });
      state.saved[file] = content;
    }
    health("saved", "good");
  } catch (error) {
    health(error.message, "bad");
  }
  tabs();
}

function health(words, kind) {
  $("health").textContent = words;
  $("health").className = kind;
}

// ---- asking, and what it says ----

const kind = () => document.querySelector("input[name=kind]:checked").value;

function request() {
  const moment = $("moment").value ? new Date($("moment").value).getTime() / 1000 : 0;
  const groups = $("groups").value.split(",").map((one) => one.trim()).filter(Boolean);
  const pasted = kind() === "test" ? $("test").value : $("pasted").value;
  return { kind: kind(), user: $("user").value.trim(), groups, moment, method: $("method").value, url: $("url").value,
    content: $("content").value.trim(), body: $("body").value, pasted };
}

function soon() {
  clearTimeout(state.timer);
  state.timer = setTimeout(ask, PAUSE);
  $("verdict").classList.add("old");
  $("trace").classList.add("old");
}

async function ask() {
  state.asked += 1;
  const number = state.asked;
  if (state.controller) state.controller.abort();
  state.controller = new AbortController();
  try {
    const said = await call("judge", { body: { files: state.files, request: request() }, signal: state.controller.signal });
    if (number === state.asked) told(said);
  } catch (error) {
    if (error.name !== "AbortError" && number === state.asked) health(`the playground does not answer: ${error.message}`, "bad");
  }
}

function told(answer) {
  state.problems = answer.problems;
  const errors = answer.problems.filter((one) => one.severity === "error").length;
  const warnings = answer.problems.length - errors;
  const warned = warnings ? `, ${warnings} warning${warnings > 1 ? "s" : ""}` : "";
  health(errors ? `${errors} error${errors > 1 ? "s" : ""}${warned}` : `no errors${warned}`, errors ? "bad" : "good");
  $("problems").replaceChildren(...answer.problems.map((problem) => {
    const item = element("li"), button = element("button", problem.severity);
    button.append(element("span", "at", `${short(problem.path)}:${problem.line}:${problem.column}`), ...said(problem));
    button.addEventListener("click", () => goTo(problem));
    item.append(button);
    return item;
  }));
  tabs();
  draw();
  if (!errors) tests(answer.tests);
  judged(answer, errors);
}

function tests(some) {
  const was = $("test").value, names = JSON.stringify(some);
  if ($("test").dataset.names === names) return;
  $("test").dataset.names = names;
  $("test").replaceChildren(...some.map((one) => {
    const option = element("option", "", `${one.name}  (${short(one.at)})`);
    option.value = one.at;
    return option;
  }));
  if (some.some((one) => one.at === was)) $("test").value = was;
  else if (kind() === "test") soon();
}

function judged(answer, errors) {
  const box = $("verdict"), out = document.createDocumentFragment();
  const last = answer.answers[answer.answers.length - 1];
  box.replaceChildren();
  box.className = errors || !last ? "none" : last.action;
  if (errors) box.append(element("strong", "", "no verdict"), "the policies have errors");
  else if (answer.refused) box.append(element("strong", "", "no request"), answer.refused);
  else if (!last) box.append(element("strong", "", "no request"), "say what is sent");
  else {
    box.append(element("strong", "", last.action));
    const by = last.rules.filter((one) => one.action === last.action)[0];
    const would = last.would !== last.action ? `, would ${last.would} were it enforced` : "";
    box.append((by ? `by ${by.rule}, count ${by.count}` : "no rule matched") + would);
    if (answer.answers.length > 1) box.append(`; the last of ${answer.answers.length} requests`);
  }
  for (const one of answer.answers) out.append(...one.trace.map(traced));
  $("trace").classList.remove("old");
  $("trace").replaceChildren(out);
}

function traced(line) {
  const word = line.trim().split(/\s/)[0];
  const kinds = { MATCH: "match", skip: "skip", gap: "gap", "answer:": "answer", detector: "detector", dropped: "skip" };
  const row = element("div", kinds[word] || (line.includes("-> REACHED") ? "reached" : ""));
  const path = Object.keys(state.files).find((one) => line.includes(`${one}:`));
  const at = path && line.slice(line.indexOf(`${path}:`)).match(/:(\d+)/);
  if (!at) {
    row.textContent = line;
    return row;
  }
  const full = `${path}:${at[1]}`, start = line.indexOf(full);
  const link = element("button", "", `${short(path)}:${at[1]}`);
  link.type = "button";
  link.addEventListener("click", () => goTo({ path, line: Number(at[1]) }));
  row.append(line.slice(0, start), link, line.slice(start + full.length));
  return row;
}

// ---- keys and events ----

let leaving = false;
text.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Tab" && !leaving && !event.shiftKey) {
    event.preventDefault();
    type("  ");
  } else if (event.key === "Enter" && event.altKey) {
    const problem = underCaret();
    event.preventDefault();
    if (problem && problem.fix) put(problem);
  } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    const row = text.value.slice(0, text.selectionStart).split("\n").pop();
    event.preventDefault();
    type("\n" + row.match(/^ */)[0] + (/:\s*$/.test(row) ? "  " : ""));
  }
  leaving = event.key === "Escape";
});
text.addEventListener("input", () => {
  // A textarea has line feeds only; a file keeps the line ends that it had.
  state.files[state.open] = state.saved[state.open].includes("\r\n") ? text.value.replaceAll("\n", "\r\n") : text.value;
  tabs();
  draw();
  soon();
});
text.addEventListener("scroll", scrolled);
document.addEventListener("selectionchange", () => { if (document.activeElement === text) placeBubble(); });
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    if (changed().length) save();
  } else if (event.key === "F8") {
    event.preventDefault();
    nextProblem(event.shiftKey);
  }
});
$("save").addEventListener("click", save);
$("form").addEventListener("submit", (event) => event.preventDefault());
$("form").addEventListener("input", () => {
  for (const part of document.querySelectorAll("[data-kinds]")) part.hidden = !part.dataset.kinds.split(" ").includes(kind());
  soon();
});
window.addEventListener("resize", placeBubble);
window.addEventListener("beforeunload", (event) => { if (changed().length) event.preventDefault(); });

call("files").then((answer) => {
  state.folder = answer.folder;
  state.saved = answer.files;
  state.files = { ...answer.files };
  $("folder").textContent = answer.folder;
  show(Object.keys(state.files)[0]);
  text.focus();
  ask();
}).catch((error) => health(error.message, "bad"));
