// What zeros around an image are for: the size, and how often the border is read.
function build(root) {
  const state = { at: [0, 0] };
  const card = K.card(root, { title: "Padding: who reads the border?", lead: "On the left, the number in each cell counts the windows that read it. On the right, each output cell says how many zeros of the frame its window reads." });
  const slider = (name, label, min, max, value) => K.slider({ name, label, min, max, value, change: draw });
  const n = slider("size", "size n", 3, 9, 6), F = slider("filter", "filter F", 1, 5, 3), S = slider("stride", "stride S", 1, 3, 1), P = slider("padding", "padding P", 0, 4, 0);
  const named = K.choice({ name: "named", label: "named settings", options: { valid: "valid", same: "same", full: "full" }, value: "valid",
    change: (key) => { S.set(1); P.set({ valid: 0, same: (F.value - 1) / 2, full: F.value - 1 }[key] | 0); draw(); } });
  const input = K.board({ name: "input", label: "read by", note: "windows that read each cell; a bar marks those read least" });
  const output = K.board({ name: "output", label: "zeros read", note: "by the window of each output cell", pick: (r, c) => show(r, c) });
  card.add("controls", n, F, S, P);
  card.add("buttons", named);
  card.add("stage", input, output);

  function draw() { show(...state.at); }

  function show(row, column) {
    const [side, k, s, p] = [n.value, F.value, S.value, P.value], wide = side + 2 * p, m = A.positions(side, k, s, p);
    named.show(s === 1 ? (p === 0 ? "valid" : 2 * p === k - 1 ? "same" : p === k - 1 ? "full" : "") : "");
    const [r, c] = (state.at = [Math.max(Math.min(row, m - 1), 0), Math.max(Math.min(column, m - 1), 0)]);
    const isZero = (i, j) => i < p || j < p || i >= side + p || j >= side + p;
    const inWindow = (i, j) => m && i >= r * s && i < r * s + k && j >= c * s && j < c * s + k;
    const counts = A.readers(side, side, k, s, p), least = Math.min(...counts.flat()), most = Math.max(...counts.flat());
    input.draw(wide, wide, (i, j) => {
      const few = !isZero(i, j) && least < most && counts[i - p][j - p] === least;
      return { text: isZero(i, j) ? "0" : String(counts[i - p][j - p]), kind: `${isZero(i, j) ? "zero" : ""} ${inWindow(i, j) ? "window" : ""} ${few ? "few" : ""}` };
    });
    const zeros = (i, j) => A.window(i, j, k, k, s).filter(([y, x]) => isZero(y, x)).length;
    output.draw(m, m, (i, j) => ({ text: String(zeros(i, j)), kind: i === r && j === c ? "picked" : "", says: `output row ${i + 1}, column ${j + 1}: reads ${zeros(i, j)} zeros of ${k * k} cells` }));
    if (!m) {
      card.formula(`${side} + 2 · ${p} = ${wide} < ${k}: no window fits`);
      card.says("The filter is larger than the padded input: there is no such layer.");
      return;
    }
    output.at(r, c);
    card.formula(`output size = ⌊(${side} + 2 · ${p} − ${k}) / ${s}⌋ + 1 = ${m}${m === side ? ", the size of the input" : ""}`);
    const share = K.number((100 * zeros(r, c)) / (k * k), 0);
    const even = k % 2 ? "" : " No symmetric padding keeps the size at stride 1: an even filter has no middle cell.";
    card.says(`Output row ${r + 1}, column ${c + 1} reads ${zeros(r, c)} zeros of the frame, ${share}% of its window. Cells of the input are read by ${least === most ? `${most}` : `${least} to ${most}`} windows.${even}`);
  }

  draw();
}
