// Links and weights: a dense, a local and a shared layer between the same units.
function build(root) {
  const KINDS = { dense: "dense", local: "local, unshared", shared: "local, shared" };
  const state = { at: 2 };
  const card = K.card(root, { title: "Links and weights", lead: "Three layers between the same units; no biases. A link that carries the same letter carries the same weight. Point at a unit of the upper row." });
  const n = K.slider({ name: "size", label: "inputs n", min: 4, max: 11, value: 8, change: draw });
  const F = K.slider({ name: "filter", label: "window F", min: 1, max: 4, value: 2, change: draw });
  const kind = K.choice({ name: "kind", label: "layer", options: KINDS, value: "shared", change: draw });
  const drawing = K.svg("svg", { viewBox: "0 0 640 230", width: 640, role: "group", "aria-label": "units and their links" });
  const table = K.el("table", { "aria-label": "links and different weights of the three layers" });
  card.add("controls", n, F, kind);
  card.add("stage", K.el("figure", { class: "wide" }, drawing), table);
  const letter = (index) => (index < 26 ? String.fromCharCode(97 + index) : `w${index}`);

  function draw() {
    const [inputs, k] = [n.value, F.value], counts = A.connections(inputs, k), m = counts.units;
    const from = (i) => (640 * (i + 0.5)) / inputs, to = (o) => (640 * (o + 0.5)) / m;
    const reads = (o, i) => kind.value === "dense" || (i >= o && i < o + k);
    const weight = (o, i) => (kind.value === "dense" ? o * inputs + i : kind.value === "local" ? o * k + i - o : i - o);
    const links = [], letters = [], lower = [], upper = [];
    for (let i = 0; i < inputs; i++) lower.push(K.svg("g", { class: "unit", "data-input": i }, K.svg("circle", { cx: from(i), cy: 185, r: 15 }), K.svg("text", { x: from(i), y: 190, "text-anchor": "middle" }, `x${i + 1}`)));
    for (let o = 0; o < m; o++) {
      const pick = () => show(o);
      upper.push(K.svg("g", { class: "unit", tabindex: 0, role: "button", "data-unit": o, mouseenter: pick, click: pick, focus: pick, keydown: arrows }, K.svg("circle", { cx: to(o), cy: 42, r: 16 }), K.svg("text", { x: to(o), y: 47, "text-anchor": "middle" }, `y${o + 1}`)));
      for (let i = 0; i < inputs; i++) if (reads(o, i)) {
        links.push(K.svg("line", { class: "link", "data-unit": o, x1: to(o), y1: 58, x2: from(i), y2: 170 }));
        letters.push(K.svg("text", { "data-unit": o, x: to(o) + (from(i) - to(o)) * 0.72, y: 142, "text-anchor": "middle", "font-weight": 700 }, letter(weight(o, i))));
      }
    }
    drawing.replaceChildren(...links, ...letters, ...lower, ...upper);
    const rows = Object.entries(KINDS).map(([key, text]) => K.el("tr", { "data-row": key }, K.el("td", {}, text), K.el("td", {}, K.number(counts[key].links)), K.el("td", {}, K.number(counts[key].weights))));
    table.replaceChildren(K.el("thead", {}, K.el("tr", {}, ...["layer", "links", "different weights"].map((text) => K.el("th", { scope: "col" }, text)))), K.el("tbody", {}, ...rows));
    card.formula(`dense: ${inputs} · ${m} links, each with its own weight`, `local: ${k} · ${m} links, each with its own weight`, `shared: ${k} · ${m} links, ${k} weight${k === 1 ? "" : "s"} in all`);
    show(Math.min(state.at, m - 1));

    function show(unit) {
      state.at = unit;
      for (const part of drawing.querySelectorAll("[data-unit]")) {
        const mine = Number(part.dataset.unit) === unit;
        if (part.tagName === "line") part.classList.toggle("on", mine);
        else if (part.tagName === "text") part.style.display = mine ? "" : "none";
        else {
          part.classList.toggle("picked", mine);
          part.setAttribute("tabindex", mine ? 0 : -1);
          part.setAttribute("aria-pressed", mine);
          part.setAttribute("aria-label", `unit y${Number(part.dataset.unit) + 1}`);
        }
      }
      const read = lower.map((_, i) => i).filter((i) => reads(unit, i));
      lower.forEach((part, i) => part.classList.toggle("on", reads(unit, i)));
      const { links: all, weights } = counts[kind.value];
      card.says(`y${unit + 1} reads ${read.map((i) => `x${i + 1}`).join(", ")} with ${read.length > 1 ? "weights" : "weight"} ${read.map((i) => letter(weight(unit, i))).join(", ")}. The whole layer has ${all} links and ${weights} different weights.`);
    }

    function arrows(event) {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      upper[Math.min(Math.max(state.at + by, 0), m - 1)].focus();
    }
  }

  draw();
}
