// The parts that explorers are made of: elements, sliders, buttons, boards of cells, a player, the card around them.
const K = {
  el(tag, attributes = {}, ...children) {
    return K.fill(document.createElement(tag), attributes, children);
  },

  svg(tag, attributes = {}, ...children) {
    return K.fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
  },

  fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== undefined));
    return element;
  },

  // A number as people write it: a real minus sign, at most `digits` decimals, thousands apart.
  number(value, digits = 2) {
    if (!Number.isFinite(value)) return "—";
    const text = value.toLocaleString("en-US", { maximumFractionDigits: digits });
    return text === "-0" ? "0" : text.replace("-", "−");
  },

  inBrackets: (value) => (value < 0 ? `(${K.number(value)})` : K.number(value)),

  slider({ name, label, min, max, value, step = 1, text = (v) => K.number(v, 4), change }) {
    const shown = K.el("span", { class: "value", "aria-hidden": "true" }, text(value));
    const input = K.el("input", {
      type: "range", min, max, step, value, "data-name": name, "aria-label": label, "aria-valuetext": text(value),
      input() { control.set(Number(input.value)); change(control.value); },
    });
    const control = {
      element: K.el("label", { class: "slider" }, K.el("span", {}, label), input, shown),
      value,
      set(next) {
        control.value = next;
        input.value = next;
        shown.textContent = text(next);
        input.setAttribute("aria-valuetext", text(next));
      },
    };
    return control;
  },

  button(label, click, attributes = {}) {
    return K.el("button", { type: "button", click, ...attributes }, label);
  },

  // Buttons of which one is pressed.
  choice({ name, label, options, value, change }) {
    const buttons = Object.entries(options).map(([key, text]) => K.button(text, () => control.choose(key), { "data-choice": key }));
    const control = {
      element: K.el("div", { class: "choice", role: "group", "aria-label": label, "data-name": name }, K.el("span", { "aria-hidden": "true" }, label), ...buttons),
      value,
      show(key) {
        control.value = key;
        for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.choice === key);
      },
      choose(key) { control.show(key); change(key); },
    };
    control.show(value);
    return control;
  },

  // Cells in rows. `cell(r, c)` gives {text, kind, says}; `pick(r, c)` makes them reachable, `edit(r, c, number)` writable.
  board({ name, label, note, pick, edit }) {
    const grid = K.el("div", { class: "board", role: pick ? "grid" : "table", "aria-label": label, "data-board": name });
    const title = K.el("span", { class: "size" });
    let cells = [], here = [0, 0];
    const move = (r, c) => {
      here = [r, c];
      cells.forEach((row, i) => row.forEach((cell, j) => { cell.tabIndex = i === r && j === c ? 0 : -1; }));
    };
    const keys = (event, r, c) => {
      const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
      const rows = cells.length, columns = cells[0].length;
      const [dr, dc] = steps[event.key] || [0, event.key === "Home" ? -columns : event.key === "End" ? columns : 0];
      if (!dr && !dc) return;
      event.preventDefault();
      event.stopPropagation();  // the notebook would scroll, or leave the cell
      cells[Math.min(Math.max(r + dr, 0), rows - 1)][Math.min(Math.max(c + dc, 0), columns - 1)].focus();
    };
    const make = (r, c) => {
      if (edit) {
        const input = K.el("input", {
          type: "text", inputmode: "decimal", "aria-label": `${label}, row ${r + 1}, column ${c + 1}`,
          input() {
            const read = Number(input.value.replace("−", "-").replace(",", "."));
            const fine = input.value.trim() !== "" && Number.isFinite(read) && Math.abs(read) <= 999;
            input.setAttribute("aria-invalid", !fine);
            if (fine) edit(r, c, read);
          },
          keydown: (event) => event.stopPropagation(),
        });
        return K.el("div", { role: "cell" }, input);
      }
      if (!pick) return K.el("div", { role: "cell" });
      const choose = () => { move(r, c); pick(r, c); };
      return K.el("div", { role: "gridcell", mouseenter: choose, click: choose, focus: choose, keydown: (event) => keys(event, r, c) });
    };
    return {
      element: K.el("figure", {}, K.el("figcaption", {}, K.el("b", {}, label), " ", title, note ? K.el("small", {}, note) : undefined), grid),
      draw(rows, columns, cell) {
        if (cells.length !== rows || (cells[0] || []).length !== columns) {
          cells = Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => make(r, c)));
          grid.style.setProperty("--columns", columns);
          grid.replaceChildren(...cells.map((row) => K.el("div", { role: "row" }, ...row)));
          title.textContent = `${rows} × ${columns}`;
          if (pick) move(Math.min(here[0], rows - 1), Math.min(here[1], columns - 1));
        }
        cells.forEach((row, r) => row.forEach((element, c) => {
          const { text, kind = "", says } = cell(r, c);
          element.className = kind;
          if (edit) {
            const input = element.firstChild;
            if (input.getRootNode().activeElement !== input) input.value = text;
          } else element.textContent = text;
          if (says) element.setAttribute("aria-label", says);
          if (pick) element.setAttribute("aria-selected", /\bpicked\b/.test(kind));
        }));
      },
      at(r, c) { if (pick) move(r, c); },
    };
  },

  // Play, pause, one step back, one step on. `count()` steps; `go(i)` shows one.
  player({ what, count, go, card }) {
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    let at = 0, timer;
    const show = (next) => { at = (next + count()) % Math.max(count(), 1); if (count()) go(at); };
    const stop = () => {
      clearInterval(timer);
      timer = undefined;
      play.textContent = "▶ Play";
      card.quiet(false);
    };
    const tick = () => {
      if (!play.isConnected || at + 1 >= count()) stop();
      else show(at + 1);
    };
    const play = K.button("▶ Play", () => {
      if (timer) return stop();
      card.quiet(true);  // not every step is read aloud, only the one it stops at
      play.textContent = "❚❚ Pause";
      if (at + 1 >= count()) show(0);
      timer = setInterval(tick, still.matches ? 1600 : 700);
      return undefined;
    }, { "data-name": "play" });
    const step = (by, text, label) => K.button(text, () => { stop(); show(at + by); }, { "aria-label": label, "data-name": label.split(" ")[0] });
    return {
      element: K.el("div", { class: "player" }, step(-1, "◀", `previous ${what}`), play, step(1, "▶❘", `next ${what}`)),
      stop,
      at(index) { at = index; },
    };
  },

  // The card: title, lead, places for the parts, and a line that says what is seen.
  card(root, { title, lead }) {
    const said = K.el("p", { class: "says", role: "status", "aria-live": "polite" });
    const places = {};
    for (const place of ["controls", "stage", "formula"]) places[place] = K.el("div", { class: place });
    const buttons = K.el("div", { class: "buttons" });
    const box = K.el("section", { class: "card", "aria-label": `Explorer: ${title}` },
      K.el("p", { class: "title" }, title), K.el("p", { class: "lead" }, lead),
      places.controls, buttons, places.stage, places.formula, said);
    root.append(box);
    let waiting = "";
    return {
      add(place, ...parts) { (place === "buttons" ? buttons : places[place]).append(...parts.map((part) => part.element || part)); },
      formula(...lines) {
        places.formula.replaceChildren(...lines.map((line) => K.el("p", {}, line)));
      },
      says(text) {
        waiting = text;
        if (said.textContent !== text) said.textContent = text;
      },
      quiet(on) {
        said.setAttribute("aria-live", on ? "off" : "polite");
        if (!on && waiting) { said.textContent = ""; said.textContent = waiting; }
      },
    };
  },

  // Follow the page: light letters around the card mean a dark page.
  theme(host) {
    const look = () => {
      const [r, g, b] = getComputedStyle(host.parentElement || document.body).color.match(/[\d.]+/g).map(Number);
      host.dataset.theme = 0.3 * r + 0.6 * g + 0.1 * b > 140 ? "dark" : "light";
    };
    look();
    new MutationObserver(look).observe(document.body, { attributes: true });
    new MutationObserver(look).observe(document.documentElement, { attributes: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
  },

  // Start an explorer in every place that waits for it; what stood there is the picture for pages without scripts.
  start(id, css, build) {
    for (const host of document.querySelectorAll(`[data-explorer="${id}"]`)) {
      if (host.shadowRoot) continue;
      const shadow = host.attachShadow({ mode: "open" });
      shadow.append(K.el("style", {}, css));
      K.theme(host);
      build(shadow);
    }
  },
};
