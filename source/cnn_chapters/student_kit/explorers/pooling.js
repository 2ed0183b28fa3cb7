// Pooling windows, and what is left of a shift.
function build(root) {
  const IMAGE = [[0, 0, 0, 0, 0, 0], [0, 7, 1, 0, 0, 0], [0, 2, 0, 0, 4, 0], [0, 0, 0, 0, 3, 0], [0, 5, 0, 6, 0, 0], [0, 0, 0, 0, 0, 0]];
  const state = { image: IMAGE, moved: [0, 0], at: [0, 0] };
  const card = K.card(root, { title: "Pooling, and what a shift changes", lead: "Each output cell summarizes one window. Move the picture by one cell: cells of the output that changed are marked with ≠." });
  const F = K.slider({ name: "window", label: "window F", min: 1, max: 4, value: 3, change: draw }), S = K.slider({ name: "stride", label: "stride S", min: 1, max: 4, value: 3, change: draw });
  const kind = K.choice({ name: "kind", label: "summary", options: { max: "largest", average: "average" }, value: "max", change: draw });
  const shift = (text, label, dy, dx) => K.button(text, () => { state.moved = [state.moved[0] + dy, state.moved[1] + dx]; state.image = shifted(); draw(); }, { "aria-label": label, "data-name": label.split(" ").pop() });
  const moves = K.el("div", { class: "choice", role: "group", "aria-label": "move the picture" }, K.el("span", {}, "move the picture"),
    shift("←", "move left", 0, -1), shift("↑", "move up", -1, 0), shift("↓", "move down", 1, 0), shift("→", "move right", 0, 1), K.button("back", () => { state.moved = [0, 0]; state.image = IMAGE; draw(); }, { "data-name": "back" }));
  const input = K.board({ name: "input", label: "input" });
  const output = K.board({ name: "output", label: "output", pick: (r, c) => { player.stop(); show(r, c); } });
  const count = () => A.positions(6, F.value, S.value);
  const player = K.player({ what: "window", card, count: () => count() ** 2, go: (i) => show(Math.floor(i / count()), i % count()) });
  card.add("controls", F, S, kind);
  card.add("buttons", moves, player);
  card.add("stage", input, output);

  function shifted() {
    const [dy, dx] = state.moved;
    return IMAGE.map((row, i) => row.map((_, j) => (IMAGE[i - dy] || [])[j - dx] || 0));
  }

  function draw() { show(...state.at); }

  function show(row, column) {
    const [k, s] = [F.value, S.value], m = count(), result = A.pool(state.image, k, s, kind.value), before = A.pool(IMAGE, k, s, kind.value);
    const [r, c] = (state.at = [Math.min(row, m - 1), Math.min(column, m - 1)]);
    const seen = A.window(r, c, k, k, s), numbers = seen.map(([i, j]) => state.image[i][j]);
    const best = kind.value === "max" ? seen[numbers.indexOf(Math.max(...numbers))] : [];
    const look = (i, j) => (i === best[0] && j === best[1] ? "best" : seen.some(([y, x]) => y === i && x === j) ? "window" : "");
    input.draw(6, 6, (i, j) => ({ text: String(state.image[i][j]), kind: look(i, j) }));
    const changed = (i, j) => Math.abs(result[i][j] - before[i][j]) > 1e-9;
    output.draw(m, m, (i, j) => ({ text: K.number(result[i][j]), kind: `${i === r && j === c ? "picked" : ""} ${changed(i, j) ? "changed" : ""}`, says: `output row ${i + 1}, column ${j + 1}: ${K.number(result[i][j])}${changed(i, j) ? ", changed by the shift" : ""}` }));
    output.at(r, c);
    player.at(r * m + c);
    card.formula(`output size = ⌊(6 − ${k}) / ${s}⌋ + 1 = ${m}`);
    const different = result.flatMap((line, i) => line.filter((_, j) => changed(i, j))).length;
    const [dy, dx] = state.moved, where = dy || dx ? `The picture is moved ${[dy && `${Math.abs(dy)} ${dy < 0 ? "up" : "down"}`, dx && `${Math.abs(dx)} ${dx < 0 ? "left" : "right"}`].filter(Boolean).join(" and ")}: ${different} of ${m * m} outputs differ from before.` : "The picture is not moved.";
    card.says(`Row ${r + 1}, column ${c + 1}: the ${kind.value === "max" ? "largest" : "average"} of ${numbers.join(", ")} is ${K.number(result[r][c])}. ${where}`);
  }

  draw();
}
