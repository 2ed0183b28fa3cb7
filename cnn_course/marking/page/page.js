"use strict";
const by = id => document.getElementById(id);
const marker = crypto.randomUUID();
const state = { question: "", groups: [], at: -1, most: 0, rubric: [], chosen: new Set(), seen: [] };

async function ask(path, body) {
  const options = { headers: { "x-marker": marker } };
  if (body !== undefined) {
    Object.assign(options, { method: "POST", body: JSON.stringify(body) });
    options.headers["content-type"] = "application/json";
  }
  const answer = await fetch(path, options);
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.error);
  return data;
}
function say(text, warn = false) {
  by("said").textContent = text;
  by("said").classList.toggle("warn", warn);
}
// One action after the other. Until the next answer is there, keys and buttons do nothing: they would mark it unseen.
let running = Promise.resolve(), waiting = 0;
const guarded = action => (...given) => {
  document.body.setAttribute("aria-busy", ++waiting > 0);
  return running = running.then(async () => {
    try { await action(...given); } catch (error) { say(error.message, true); }
    document.body.setAttribute("aria-busy", --waiting > 0);
  });
};
const idle = action => (...given) => { if (!waiting) action(...given); };
const refresh = () => questions().catch(error => say(error.message, true));
const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

async function questions() {
  const data = await ask("/api/questions");
  by("title").textContent = `Marking ${data.assignment}`;
  const before = by("question").value; // which may have been chosen while this was asked
  by("question").replaceChildren(...data.questions.map(each => {
    const option = new Option(`${each.name} (${each.waiting} of ${each.all} to mark)`, each.name);
    return option;
  }));
  const first = data.questions.find(each => each.name === before) || data.questions.find(each => each.waiting) || data.questions[0];
  if (!first) return say("Nothing waits for a marker.");
  by("question").value = first.name;
  if (first.name !== before) await open(first.name);
}
async function open(name) {
  const data = await ask(`/api/groups/${encodeURIComponent(name)}`);
  Object.assign(state, { question: name, groups: data.groups, most: data.most, rubric: data.rubric, at: -1, seen: [] });
  by("prompt").innerHTML = data.prompt; // made safe by the server, and the page's policy runs no script of it
  by("model").innerHTML = data.model;
  by("most").textContent = `of ${data.most}`;
  by("score").max = data.most;
  by("rubric").replaceChildren(...data.rubric.map((line, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${place + 1}. ${line.points}: ${line.text}`;
    button.addEventListener("click", idle(() => toggle(place)));
    return button;
  }));
  await next();
}
function progress() {
  const all = state.groups.reduce((sum, each) => sum + each.size, 0);
  const left = state.groups.reduce((sum, each) => sum + each.waiting, 0);
  by("bar").max = Math.max(all, 1);
  by("bar").value = all - left;
  by("left").textContent = `${all - left} of ${all} marked, ${plural(state.groups.length, "different answer")}`;
}
async function show(place) {
  state.at = place;
  const group = state.groups[place];
  const data = await ask(`/api/answer/${encodeURIComponent(state.question)}/${group.key}`);
  group.waiting = data.waiting;
  by("answer").innerHTML = data.html;
  by("answer").scrollTop = 0;
  by("answer-title").textContent = data.size === 1 ? "Answer of one student" : `Answer of ${data.size} students`;
  by("score").value = data.score ?? "";
  by("comment").value = data.comment;
  state.chosen.clear();
  paint();
  progress();
  if (data.mixed) say("These equal answers have different marks.", true);
}
async function next() {
  const count = state.groups.length;
  for (let step = 1; step <= count; step++) {
    const place = (state.at + step + count) % count;
    if (state.groups[place].waiting) {
      if (state.at >= 0) state.seen.push(state.at);
      return show(place);
    }
  }
  if (state.at < 0 && count) await show(0);
  progress();
  say("No unmarked answer is left for this question.");
}
function paint() {
  Array.from(by("rubric").children).forEach((button, place) => button.setAttribute("aria-pressed", state.chosen.has(place)));
}
function toggle(place) {
  if (!state.rubric[place]) return;
  if (!state.chosen.delete(place)) state.chosen.add(place);
  const sum = [...state.chosen].reduce((points, each) => points + state.rubric[each].points, 0);
  by("score").value = Math.min(state.most, Math.round(sum * 1e6) / 1e6);
  paint();
}
async function save() {
  if (by("score").value === "") return say("Points are missing: 0 is a mark too.", true);
  const group = state.groups[state.at];
  const body = { question: state.question, key: group.key, score: Number(by("score").value), comment: by("comment").value };
  const done = await ask("/api/mark", body);
  if (done.conflicts) {
    await show(state.at);
    return say(`${plural(done.conflicts, "answer")} marked by somebody else meanwhile: that mark stays and is shown.`, true);
  }
  group.waiting = 0;
  say(`${plural(done.marked, "answer")} marked.`);
  await next();
  refresh();
}
async function undo() {
  const done = await ask("/api/undo", {});
  if (!done.undone && !done.conflicts) return say("Nothing to take back.");
  const place = state.seen.pop() ?? state.at;
  const fresh = await ask(`/api/groups/${encodeURIComponent(state.question)}`);
  state.groups = fresh.groups;
  await show(Math.min(place, state.groups.length - 1));
  refresh();
  say(`${plural(done.undone, "answer")} taken back.` + (done.conflicts ? ` ${done.conflicts} changed by somebody else stay.` : ""));
}
const back = async () => { if (state.seen.length) await show(state.seen.pop()); };

by("question").addEventListener("change", guarded(() => open(by("question").value)));
for (const [id, action] of Object.entries({ save, next, back, undo })) by(id).addEventListener("click", idle(guarded(action)));
addEventListener("keydown", event => {
  const typing = event.target.matches("textarea, input, select");
  if (event.key === "Escape" && typing) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (waiting && (!typing || event.key === "Enter" && event.target.id === "score")) return;
  if (event.key === "Enter" && (!typing || event.target.id === "score") && !event.target.matches("button, summary")) {
    event.preventDefault();
    return guarded(save)();
  }
  if (typing) return;
  if (/^[1-9]$/.test(event.key)) return toggle(Number(event.key) - 1);
  if (event.key === "c") { event.preventDefault(); return by("comment").focus(); }
  const action = { n: next, p: back, u: undo }[event.key];
  if (action) guarded(action)();
});
guarded(questions)();
