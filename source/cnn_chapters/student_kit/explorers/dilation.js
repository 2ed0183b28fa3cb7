// A filter with holes: the same weights spread over more cells.
function build(root) {
  const IMAGE = Array.from({ length: 9 }, (_, i) => Array.from({ length: 9 }, (_, j) => (i * 5 + j * 3) % 7));
  const state = { at: [0, 1] };
  const card = K.card(root, { title: "Dilation: the same weights, further apart", lead: "The filter adds up the cells that it reads. Cells with a dotted frame lie under the filter and are left out." });
  const slider = (name, label, min, max, value) => K.slider({ name, label, min, max, value, change: draw });
  const F = slider("filter", "filter F", 1, 4, 3), D = slider("dilation", "dilation D", 1, 4, 2), P = slider("padding", "padding P", 0, 3, 0);
  const input = K.board({ name: "input", label: "input" });
  const output = K.board({ name: "output", label: "output", note: "sum of the cells that are read", pick: (r, c) => { player.stop(); show(r, c); } });
  const count = () => A.positions(9, F.value, 1, P.value, D.value);
  const player = K.player({ what: "window", card, count: () => count() ** 2, go: (i) => show(Math.floor(i / count()), i % count()) });
  card.add("controls", F, D, P);
  card.add("buttons", player);
  card.add("stage", input, output);

  function draw() { show(...state.at); }

  function show(row, column) {
    const [k, d, p] = [F.value, D.value, P.value], m = count(), span = A.span(k, d), wide = A.padded(IMAGE, p);
    const [r, c] = (state.at = [Math.max(Math.min(row, m - 1), 0), Math.max(Math.min(column, m - 1), 0)]);
    const under = (i, j) => m && i >= r && i < r + span && j >= c && j < c + span;
    const kind = (i, j) => (!under(i, j) ? "" : (i - r) % d || (j - c) % d ? "hole" : "window");
    const isZero = (i, j) => i < p || j < p || i >= 9 + p || j >= 9 + p;
    input.draw(wide.length, wide.length, (i, j) => ({ text: String(wide[i][j]), kind: `${isZero(i, j) ? "zero" : ""} ${kind(i, j)}` }));
    const ones = Array.from({ length: k }, () => Array(k).fill(1));
    const result = m ? A.conv(IMAGE, ones, 1, p, d) : [];
    output.draw(m, m, (i, j) => ({ text: String(result[i][j]), kind: i === r && j === c ? "picked" : "", says: `output row ${i + 1}, column ${j + 1}: ${result[i][j]}` }));
    const spans = `span = ${d} · (${k} − 1) + 1 = ${span}`;
    if (!m) {
      card.formula(spans, `9 + 2 · ${p} < ${span}: no window fits`);
      card.says("The spread filter is larger than the padded input: there is no such layer.");
      return;
    }
    output.at(r, c);
    player.at(r * m + c);
    card.formula(spans, `output size = 9 + 2 · ${p} − ${span} + 1 = ${m}`);
    card.says(`${k * k} weights span ${span} × ${span} = ${span * span} cells${d === 1 ? ": a plain filter, without holes" : `; ${span * span - k * k} of them are left out`}. Output row ${r + 1}, column ${c + 1} is ${result[r][c]}.`);
  }

  draw();
}
