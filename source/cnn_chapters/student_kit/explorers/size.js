// How many positions a window has along one side.
function build(root) {
  const state = { at: 0 };
  const card = K.card(root, { title: "How many windows fit?", lead: "One side of an input. Each row below it is one position of the window; a position that does not fit completely does not count." });
  const slider = (name, label, min, max, value) => K.slider({ name, label, min, max, value, change: () => show(state.at) });
  const n = slider("size", "size n", 1, 14, 10), F = slider("filter", "filter F", 1, 7, 4), S = slider("stride", "stride S", 1, 5, 3), P = slider("padding", "padding P", 0, 3, 1);
  const rows = K.board({ name: "windows", label: "positions", pick: (r) => { player.stop(); show(r); } });
  const count = () => A.positions(n.value, F.value, S.value, P.value);
  const player = K.player({ what: "position", card, count, go: show });
  card.add("controls", n, F, S, P);
  card.add("buttons", player);
  card.add("stage", rows);

  function show(index) {
    const [side, k, s, p] = [n.value, F.value, S.value, P.value], wide = side + 2 * p, m = count();
    const at = (state.at = Math.max(Math.min(index, m - 1), 0));
    const rest = m ? wide - ((m - 1) * s + k) : 0;
    rows.draw(Math.max(m, 1), wide, (r, c) => {
      const inside = m && c >= r * s && c < r * s + k, zero = c < p || c >= wide - p;
      const kind = [zero ? "zero" : "", inside ? "window" : "", r === at && inside ? "picked" : ""].join(" ");
      return { text: zero ? "0" : String(c - p + 1), kind, says: `position ${r + 1}, ${zero ? "a zero of the padding" : `cell ${c - p + 1}`}${inside ? ", in the window" : ""}` };
    });
    player.at(at);
    const fitted = `(${side} + 2 · ${p} − ${k}) / ${s}`;
    if (!m) {
      card.formula(`${side} + 2 · ${p} = ${wide} cells are fewer than the ${k} of the filter: there is no such layer`);
      card.says(`The filter of ${k} cells does not fit into ${wide} cells. A program should refuse this layer.`);
      return;
    }
    card.formula(`output size = ⌊${fitted}⌋ + 1 = ⌊${K.number((wide - k) / s)}⌋ + 1 = ${m}`);
    const left = rest ? `The last ${rest === 1 ? "cell is" : `${rest} cells are`} left over: no window reads ${rest === 1 ? "it" : "them"}.` : "The last window ends exactly at the end.";
    card.says(`${m} position${m === 1 ? "" : "s"}. Position ${at + 1} starts ${at ? `${at * s} cell${at * s === 1 ? "" : "s"} after the beginning` : "at the beginning"}. ${left}`);
  }

  show(0);
}
