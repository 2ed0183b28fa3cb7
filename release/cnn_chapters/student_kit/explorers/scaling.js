// Gradient descent on the same data before and after scaling.
function build(root) {
  const TABLE = [[3, 4], [18, 3], [9, 2], [14, 4], [6, 2]], TARGET = [14, 9, 6, 7, 12], STEPS = 40;
  const card = K.card(root, { title: "Gradient descent, before and after scaling", lead: "Five flats: minutes to the station, number of rooms, and the rent to predict. Mean squared error, no bias; in both pictures the columns and the rent are moved to mean 0, so that only the scale differs. Weights start at 0; the star is the lowest point, and each ring joins weights of equal loss." });
  const bowls = [false, true].map((scale) => A.bowl(A.centered(TABLE, scale), TARGET));
  const best = ({ steep, flat }) => 2 / (steep + flat);  // the fixed rate that shrinks the slower direction most
  const rates = K.choice({ name: "rates", label: "learning rate", options: { own: "the best for each", same: "the same for both" }, value: "own", change: () => show(state.at) });
  const rate = K.slider({ name: "rate", label: "if the same", min: -3, max: 0.2, step: 0.05, value: -1.5, text: (v) => (10 ** v).toPrecision(2), change: () => { rates.show("same"); show(state.at); } });
  const state = { at: 6 };
  const step = K.slider({ name: "step", label: "step", min: 0, max: STEPS, value: 6, change: (value) => { player.stop(); show(value); } });
  const player = K.player({ what: "step", card, count: () => STEPS + 1, go: (i) => { step.set(i); show(i); } });
  const names = ["as measured", "scaled to spread 1"], pictures = names.map((name) => K.svg("svg", { viewBox: "0 0 300 240", width: 300, role: "img", "aria-label": name }));
  const captions = names.map((name) => K.el("figcaption", {}, K.el("b", {}, name)));
  card.add("controls", rates, rate, step);
  card.add("buttons", player);
  card.add("stage", ...pictures.map((picture, index) => K.el("figure", {}, captions[index], picture)));

  // Contours are ellipses: half axes go with the root of the loss over the curvature.
  function paint(picture, bowl, path) {
    const tilt = Math.atan2(2 * bowl.b, bowl.a - bowl.c) / 2, start = path[0].loss;
    // the frame holds the contour through the start; one scale for both axes, so that a valley looks like one
    const reach = [bowl.c, bowl.a].map((value) => Math.sqrt((2 * start * value) / (bowl.a * bowl.c - bowl.b * bowl.b)));
    const scale = Math.min(130 / reach[0], 96 / reach[1]);
    const x = (w) => 150 + (w - bowl.lowest[0]) * scale, y = (w) => 120 - (w - bowl.lowest[1]) * scale;
    const rings = [1, 0.6, 0.3, 0.1, 0.02].map((share) => {
      const points = Array.from({ length: 73 }, (_, i) => {
        const turn = (i / 36) * Math.PI;
        const [u, v] = [Math.sqrt((2 * start * share) / bowl.steep) * Math.cos(turn), Math.sqrt((2 * start * share) / bowl.flat) * Math.sin(turn)];
        return `${(150 + (u * Math.cos(tilt) - v * Math.sin(tilt)) * scale).toFixed(1)},${(120 - (u * Math.sin(tilt) + v * Math.cos(tilt)) * scale).toFixed(1)}`;
      });
      return K.svg("polygon", { points: points.join(" "), class: "link" });
    });
    const near = path.map(({ weights: [p, q] }) => [x(p), y(q)]), out = near.findIndex(([u, v]) => !(Math.abs(u - 150) < 900 && Math.abs(v - 120) < 900));
    const seen = out < 0 ? near : near.slice(0, out + 1).map(([u, v]) => [Math.min(Math.max(u, -900), 1200), Math.min(Math.max(v, -900), 1200)]);
    const line = K.svg("polyline", { points: seen.map(([u, v]) => `${u.toFixed(1)},${v.toFixed(1)}`).join(" "), class: "link on" });
    const dots = (out < 0 ? near : near.slice(0, out)).map(([u, v], i, all) => K.svg("circle", { cx: u, cy: v, r: i === all.length - 1 ? 6 : 3, style: `fill: var(${i === all.length - 1 ? "--pick" : "--window"})` }));
    picture.replaceChildren(...rings, line, ...dots, K.svg("text", { x: 150, y: 127, "text-anchor": "middle", "font-size": 20 }, "★"),
      K.svg("text", { x: 296, y: 234, "text-anchor": "end", class: "muted" }, "weight of the minutes →"), K.svg("text", { x: 4, y: 14, class: "muted" }, "↑ weight of the rooms"));
  }

  function show(at) {
    state.at = at;
    const told = bowls.map((bowl, index) => {
      const size = rates.value === "own" ? best(bowl) : 10 ** rate.value, path = A.descend(bowl, size, at);
      paint(pictures[index], bowl, path);
      const left = (100 * path[at].loss) / path[0].loss, shown = left > 1e4 ? "more than 10,000%" : left < 1e-3 ? "less than 0.001%" : `${K.number(left, left < 1 ? 3 : 1)}%`;
      pictures[index].dataset.left = left;
      const fate = size * bowl.steep < 2 ? `${shown} of the loss above the lowest point is left` : `it runs away, at ${shown} of the start`;
      return `${names[index]}, rate ${size.toPrecision(2)}: ${fate}`;
    });
    player.at(at);
    const line = (bowl, name) => `${name}: curvatures ${K.number(bowl.steep)} and ${K.number(bowl.flat, 3)}, ratio ${K.number(bowl.steep / bowl.flat, 1)}; converges below rate 2 / ${K.number(bowl.steep)} = ${(2 / bowl.steep).toPrecision(3)}`;
    card.formula(...bowls.map((bowl, index) => line(bowl, names[index])));
    card.says(`Step ${at}. ${told[0][0].toUpperCase()}${told[0].slice(1)}; ${told[1]}.`);
  }

  show(state.at);
}
