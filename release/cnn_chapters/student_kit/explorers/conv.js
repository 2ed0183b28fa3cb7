// A filter slides over an image: window, products, sum.
function build(root) {
  const IMAGES = {
    corner: [[0, 0, 0, 0, 0, 0], [0, 2, 2, 2, 2, 0], [0, 2, 0, 0, 0, 0], [0, 2, 0, 0, 1, 1], [0, 2, 0, 0, 1, 1]],
    stripe: [[3, 0, 0, 0, 0, 0], [0, 3, 0, 0, 0, 1], [0, 0, 3, 0, 1, 0], [0, 0, 0, 3, 0, 0], [0, 0, 1, 0, 3, 0]],
    dot: [[0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]],
  };
  const FILTERS = {
    edge: (i, j, k) => (j === 0 ? -1 : j === k - 1 ? 1 : 0),
    diagonal: (i, j) => (i === j ? 1 : 0),
    sum: () => 1,
    numbered: (i, j, k) => i * k + j + 1,
  };
  const filter = (give, k) => Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => give(i, j, k)));
  const state = { image: IMAGES.corner, filter: filter(FILTERS.edge, 3), at: [1, 2] };
  const card = K.card(root, { title: "Convolution, one window at a time", lead: "Point at a cell of the output, or move there with Tab and the arrow keys: its window lights up in the input. The numbers of the filter can be overwritten." });

  const sliders = {
    side: K.slider({ name: "filter", label: "filter side F", min: 1, max: 4, value: 3, change: () => { state.filter = filter(FILTERS[chosen.value] || FILTERS.sum, sliders.side.value); draw(); } }),
    stride: K.slider({ name: "stride", label: "stride S", min: 1, max: 3, value: 1, change: draw }),
    padding: K.slider({ name: "padding", label: "padding P", min: 0, max: 2, value: 0, change: draw }),
  };
  const image = K.choice({ name: "image", label: "image", options: { corner: "corner", stripe: "stripe", dot: "dot" }, value: "corner", change: (key) => { state.image = IMAGES[key]; draw(); } });
  const chosen = K.choice({ name: "weights", label: "filter", options: { edge: "edge", diagonal: "diagonal", sum: "sum", numbered: "1, 2, 3, …" }, value: "edge", change: (key) => { state.filter = filter(FILTERS[key], sliders.side.value); draw(); } });
  const input = K.board({ name: "input", label: "input", note: "dashed: zeros of the padding" });
  const weights = K.board({ name: "filter", label: "filter", edit: (r, c, number) => { state.filter[r][c] = number; chosen.show(""); draw(); } });
  const products = K.board({ name: "products", label: "products", note: "window times filter, cell by cell" });
  const output = K.board({ name: "output", label: "output", note: "one sum for each window", pick: (r, c) => { player.stop(); show(r, c); } });
  const size = () => [A.positions(state.image.length, sliders.side.value, sliders.stride.value, sliders.padding.value), A.positions(state.image[0].length, sliders.side.value, sliders.stride.value, sliders.padding.value)];
  const player = K.player({ what: "window", card, count: () => size()[0] * size()[1], go: (i) => show(Math.floor(i / size()[1]), i % size()[1]) });
  card.add("controls", ...Object.values(sliders));
  card.add("buttons", image, chosen, player);
  card.add("stage", input, weights, products, output);

  function draw() { show(...state.at); }

  function show(row, column) {
    const [F, S, P] = [sliders.side.value, sliders.stride.value, sliders.padding.value];
    const wide = A.padded(state.image, P), result = A.conv(state.image, state.filter, S, P);
    const [rows, columns] = size();
    const [r, c] = (state.at = [Math.min(row, rows - 1), Math.min(column, columns - 1)]);
    const lit = A.window(r, c, F, F, S), flat = state.filter.flat();
    const isLit = (i, j) => lit.some(([y, x]) => y === i && x === j);
    const isZero = (i, j) => i < P || j < P || i >= wide.length - P || j >= wide[0].length - P;
    const values = lit.map(([i, j]) => wide[i][j]);
    input.draw(wide.length, wide[0].length, (i, j) => ({ text: K.number(wide[i][j]), kind: `${isZero(i, j) ? "zero" : ""} ${isLit(i, j) ? "window" : ""}` }));
    weights.draw(F, F, (i, j) => ({ text: K.number(state.filter[i][j]) }));
    products.draw(F, F, (i, j) => ({ text: K.number(values[i * F + j] * state.filter[i][j]), kind: "window" }));
    output.draw(rows, columns, (i, j) => ({ text: K.number(result[i][j]), kind: i === r && j === c ? "picked" : "", says: `output row ${i + 1}, column ${j + 1}: ${K.number(result[i][j])}` }));
    output.at(r, c);
    player.at(r * columns + c);
    const [H, W] = [state.image.length, state.image[0].length];
    const line = (name, n, m) => `${name} = ⌊(${n} + 2 · ${P} − ${F}) / ${S}⌋ + 1 = ${m}`;
    card.formula(line("height", H, rows), line("width", W, columns));
    const terms = values.map((value, i) => [value, flat[i]]).filter(([value, weight]) => value && weight).map(([value, weight]) => `${K.inBrackets(value)} · ${K.inBrackets(weight)}`);
    card.says(`Output row ${r + 1}, column ${c + 1}: the window starts at row ${r * S + 1}, column ${c * S + 1} of the ${P ? "padded " : ""}input. ${terms.length ? terms.join(" + ") : "Every product is 0, so the sum"} = ${K.number(result[r][c])}.`);
  }

  draw();
}
