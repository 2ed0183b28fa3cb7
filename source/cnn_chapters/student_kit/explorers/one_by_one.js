// A 1 x 1 convolution: channels mixed pixel by pixel, and what it saves as a detour.
function build(root) {
  const CHANNELS = [[[4, 0, 2], [1, 5, 0]], [[1, 3, 0], [2, 2, 6]], [[0, 2, 5], [4, 1, 1]]];
  const state = { at: [0, 1], weights: [1, -2, 1] };
  const card = K.card(root, { title: "1 × 1: mix the channels, save the work", lead: "Above: each output cell mixes the numbers at the same place of all channels; the weights can be overwritten. Below: the work of a large filter, directly and after a 1 × 1 filter has reduced the channels." });
  const maps = CHANNELS.map((_, index) => K.board({ name: `channel${index}`, label: `channel ${index + 1}` }));
  const weights = K.board({ name: "weights", label: "weights", note: "one for each channel", edit: (_, c, number) => { state.weights[c] = number; mix(...state.at); } });
  const output = K.board({ name: "output", label: "output", pick: mix });
  const slider = (name, label, min, max, value, step = 1) => K.slider({ name, label, min, max, value, step, change: bars });
  const side = slider("side", "map side", 4, 56, 14), channels = slider("channels", "channels in", 8, 256, 96, 8), filters = slider("filters", "filters", 8, 256, 40, 8);
  const F = slider("filter", "filter side F", 1, 7, 3), reduced = slider("reduced", "reduced to", 4, 128, 12, 4);
  const chart = K.el("div", { class: "bars" });
  card.add("stage", ...maps, weights, output);
  card.add("stage", K.el("div", { class: "controls" }, ...[side, channels, filters, F, reduced].map((one) => one.element)), chart);

  function mix(r, c) {
    state.at = [r, c];
    maps.forEach((board, index) => board.draw(2, 3, (i, j) => ({ text: String(CHANNELS[index][i][j]), kind: i === r && j === c ? "window" : "" })));
    weights.draw(1, 3, (_, j) => ({ text: K.number(state.weights[j]) }));
    const value = (i, j) => A.sum(CHANNELS.map((map, index) => map[i][j] * state.weights[index]));
    output.draw(2, 3, (i, j) => ({ text: K.number(value(i, j)), kind: i === r && j === c ? "picked" : "", says: `output row ${i + 1}, column ${j + 1}: ${K.number(value(i, j))}` }));
    output.at(r, c);
    const terms = CHANNELS.map((map, index) => `${map[r][c]} · ${K.inBrackets(state.weights[index])}`);
    card.says(`Row ${r + 1}, column ${c + 1}: ${terms.join(" + ")} = ${K.number(value(r, c))}. No neighbor is read.`);
  }

  function bars() {
    const [n, C, O, k, R] = [side, channels, filters, F, reduced].map((one) => one.value), cost = A.detour(n, C, O, k, R), both = cost.squeeze + cost.rest;
    const most = Math.max(cost.direct, both), part = (value, kind = "") => K.el("span", { class: kind, style: `width: ${(100 * value) / most}%` });
    const bar = (text, ...parts) => K.el("div", {}, K.el("p", {}, text), K.el("div", { class: "bar", "aria-hidden": "true" }, ...parts));
    chart.dataset.direct = cost.direct;
    chart.dataset.detour = both;
    chart.replaceChildren(
      bar(`directly: ${K.number(cost.direct)} multiplications`, part(cost.direct)),
      bar(`with the detour: ${K.number(cost.squeeze)} for 1 × 1 (striped) + ${K.number(cost.rest)} for ${k} × ${k} = ${K.number(both)}`, part(cost.squeeze, "first"), part(cost.rest)));
    const times = both < cost.direct ? `${K.number(cost.direct / both)} times less work` : both === cost.direct ? "the same work" : `${K.number(both / cost.direct)} times more work`;
    card.formula(`directly: ${n} · ${n} · ${k} · ${k} · ${C} · ${O}`, `detour: ${n} · ${n} · ${C} · ${R} + ${n} · ${n} · ${k} · ${k} · ${R} · ${O}: ${times}`);
  }

  bars();
  mix(...state.at);
}
