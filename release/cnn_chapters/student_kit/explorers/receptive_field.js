// What one unit of the last layer sees of the input.
function build(root) {
  const state = { at: 0 }, layers = [{ k: 3, s: 1 }, { k: 2, s: 2 }, { k: 3, s: 1 }];
  const WIDE = 640, STEP = 62;
  const card = K.card(root, { title: "Receptive field: what one unit sees", lead: "One row of units for each layer, the input at the bottom, no padding. Point at a unit of any layer: everything that it can see lights up." });
  const n = K.slider({ name: "size", label: "input n", min: 5, max: 24, value: 16, change: draw });
  const depth = K.slider({ name: "layers", label: "layers", min: 1, max: 4, value: 3, change: (count) => { while (layers.length < count) layers.push({ k: 3, s: 1 }); layers.length = count; list(); draw(); } });
  const each = K.el("div", { class: "controls" }), drawing = K.svg("svg", { role: "group", "aria-label": "layers and their units", width: WIDE });
  const table = K.el("table", { "aria-label": "receptive field of each layer" });
  card.add("controls", n, depth, each);
  card.add("stage", K.el("figure", { class: "wide" }, drawing), table);

  function list() {
    each.replaceChildren(...layers.flatMap((layer, index) => ["k", "s"].map((key) => K.slider({ name: `${key}${index + 1}`, label: `layer ${index + 1} ${key === "k" ? "filter" : "stride"}`, min: 1, max: key === "k" ? 5 : 3, value: layer[key], change: (value) => { layer[key] = value; draw(); } }).element)));
  }

  function draw() {
    const sizes = [n.value];
    for (const { k, s } of layers) sizes.push(A.positions(sizes[sizes.length - 1], k, s));
    const high = STEP * sizes.length, fields = A.fields(layers), rows = [], links = [], cell = Math.min(30, WIDE / n.value);
    drawing.setAttribute("viewBox", `0 0 ${WIDE} ${high}`);
    const y = (level) => high - STEP * (level + 0.5);
    const centers = [Array.from({ length: n.value }, (_, i) => WIDE / 2 + cell * (i - (n.value - 1) / 2))];
    for (let level = 1; level < sizes.length; level++) {
      const { k, s } = layers[level - 1];
      centers.push(Array.from({ length: sizes[level] }, (_, i) => (centers[level - 1][i * s] + centers[level - 1][i * s + k - 1]) / 2));
      for (let i = 0; i < sizes[level]; i++) for (let j = i * s; j < i * s + k; j++)
        links.push(K.svg("line", { class: "link", "data-link": `${level}-${i}-${j}`, x1: centers[level][i], y1: y(level) + 11, x2: centers[level - 1][j], y2: y(level - 1) - 11 }));
    }
    const units = sizes.map((size, level) => centers[level].map((x, i) => {
      const pick = () => show(level, i);
      return K.svg("g", { class: "unit", role: "button", tabindex: -1, "aria-label": `${level ? `layer ${level}, unit` : "input cell"} ${i + 1}`, mouseenter: pick, click: pick, focus: pick, keydown: (event) => arrows(event, level, i) },
        K.svg("rect", { x: x - Math.min(cell - 4, 22) / 2, y: y(level) - 11, width: Math.min(cell - 4, 22), height: 22, rx: 5 }));
    }));
    drawing.replaceChildren(...links, ...units.flat());
    const body = fields.map((field, index) => K.el("tr", { "data-row": index + 1 }, ...[`${index + 1}`, `${layers[index].k}`, `${layers[index].s}`, `${sizes[index + 1]}`, `${field.size}`, `${field.jump}`].map((text) => K.el("td", {}, text))));
    table.replaceChildren(K.el("thead", {}, K.el("tr", {}, ...["layer", "filter", "stride", "units", "sees", "step on the input"].map((text) => K.el("th", { scope: "col" }, text)))), K.el("tbody", {}, ...body));
    let size = 1, jump = 1;
    card.formula(...layers.map(({ k, s }, index) => {
      const line = `layer ${index + 1} sees ${size} + (${k} − 1) · ${jump} = ${size + (k - 1) * jump} cells`;
      [size, jump] = [size + (k - 1) * jump, jump * s];
      return line;
    }));
    const top = sizes.findLastIndex((count) => count > 0);
    show(top, Math.min(state.at, sizes[top] - 1));

    function show(level, index) {
      state.at = level === top ? index : state.at;
      let [from, to] = [index, index];
      const seen = sizes.map(() => [1, 0]), lit = new Set();
      seen[level] = [index, index];
      for (let l = level; l > 0; l--) {
        const { k, s } = layers[l - 1];
        for (let i = from; i <= to; i++) for (let j = i * s; j < i * s + k; j++) lit.add(`${l}-${i}-${j}`);
        [from, to] = [from * s, to * s + k - 1];
        seen[l - 1] = [from, to];
      }
      units.forEach((row, l) => row.forEach((unit, i) => {
        const mine = l === level && i === index;
        unit.classList.toggle("picked", mine);
        unit.classList.toggle("on", !mine && i >= seen[l][0] && i <= seen[l][1]);
        unit.setAttribute("tabindex", mine ? 0 : -1);
        unit.setAttribute("aria-pressed", mine);
      }));
      for (const link of drawing.querySelectorAll(".link")) link.classList.toggle("on", lit.has(link.dataset.link));
      const missing = top < layers.length ? ` Layer ${top + 1} does not fit any more: the layer before it has too few units.` : "";
      card.says(level ? `Unit ${index + 1} of layer ${level} sees input cells ${from + 1} to ${to + 1}: ${to - from + 1} of ${n.value}. Neighbors in this layer look ${fields[level - 1].jump} cells apart.${missing}` : `Input cell ${index + 1}.${missing}`);
    }

    function arrows(event, level, index) {
      const [up, along] = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] || [0, 0];
      if (!up && !along) return;
      event.preventDefault();
      event.stopPropagation();
      const row = units[Math.min(Math.max(level + up, 0), top)];
      row[Math.min(Math.max(index + along, 0), row.length - 1)].focus();
    }
  }

  list();
  draw();
}
