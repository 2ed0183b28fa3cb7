// The arithmetic of convolution and pooling. Lists of lists of numbers in and out; no page is needed.
const A = {
  // Cells that a filter of k weights spans when its weights lie d cells apart.
  span: (k, d = 1) => d * (k - 1) + 1,

  // Positions of a window along one side of n cells; 0 where the window does not fit.
  positions(n, k, s = 1, p = 0, d = 1) {
    const room = n + 2 * p - A.span(k, d);
    return room < 0 ? 0 : Math.floor(room / s) + 1;
  },

  // An image with a frame of p zeros.
  padded(x, p) {
    const wide = x[0].length + 2 * p;
    const zeros = (count) => Array.from({ length: count }, () => Array(wide).fill(0));
    const side = Array(p).fill(0);
    return [...zeros(p), ...x.map((row) => [...side, ...row, ...side]), ...zeros(p)];
  },

  // The cells of the padded image that one output cell reads, row by row.
  window(row, column, kh, kw, s = 1, d = 1) {
    const cells = [];
    for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) cells.push([row * s + i * d, column * s + j * d]);
    return cells;
  },

  // What every window gives: `give` gets the window's numbers, row by row.
  slide(x, kh, kw, s, p, d, give) {
    const wide = A.padded(x, p);
    const rows = A.positions(x.length, kh, s, p, d), columns = A.positions(x[0].length, kw, s, p, d);
    return Array.from({ length: columns && rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => give(A.window(r, c, kh, kw, s, d).map(([i, j]) => wide[i][j]))));
  },

  sum: (numbers) => numbers.reduce((total, number) => total + number, 0),

  // Convolution as in deep learning: the filter is not turned around.
  conv(x, w, s = 1, p = 0, d = 1) {
    const flat = w.flat();
    return A.slide(x, w.length, w[0].length, s, p, d, (seen) => A.sum(seen.map((value, i) => value * flat[i])));
  },

  pool(x, k, s, kind) {
    const give = kind === "max" ? (seen) => Math.max(...seen) : (seen) => A.sum(seen) / seen.length;
    return A.slide(x, k, k, s, 0, 1, give);
  },

  // How many windows read each cell of the image, the frame of zeros left out.
  readers(h, w, k, s, p) {
    const counts = Array.from({ length: h + 2 * p }, () => Array(w + 2 * p).fill(0));
    const rows = A.positions(h, k, s, p), columns = A.positions(w, k, s, p);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++)
      for (const [i, j] of A.window(r, c, k, k, s)) counts[i][j] += 1;
    return counts.slice(p, p + h).map((row) => row.slice(p, p + w));
  },

  // Links and different weights of one layer from n units to the m that a window of k has without padding.
  connections(n, k) {
    const m = A.positions(n, k);
    return { units: m, dense: { links: n * m, weights: n * m }, local: { links: k * m, weights: k * m }, shared: { links: k * m, weights: k } };
  },

  // Multiplications of a k x k convolution for a square map, directly and through a 1 x 1 detour.
  detour(side, channels, filters, k, reduced) {
    const area = side * side;
    return { direct: area * k * k * channels * filters, squeeze: area * channels * reduced, rest: area * k * k * reduced * filters };
  },

  // After each layer {k, s}: cells of the input that one unit sees, and how far apart neighbors look.
  fields(layers) {
    let size = 1, jump = 1;
    return layers.map(({ k, s }) => {
      size += (k - 1) * jump;
      jump *= s;
      return { size, jump };
    });
  },

  column: (table, j) => table.map((row) => row[j]),
  mean: (numbers) => A.sum(numbers) / numbers.length,

  // Each column with mean 0, and with spread 1 where asked.
  centered(table, scale) {
    const columns = table[0].map((_, j) => {
      const values = A.column(table, j), middle = A.mean(values);
      const moved = values.map((value) => value - middle);
      const spread = scale ? Math.sqrt(A.mean(moved.map((value) => value * value))) : 1;
      return moved.map((value) => (spread ? value / spread : 0));
    });
    return table.map((_, i) => columns.map((values) => values[i]));
  },

  // The mean squared error of two weights as a bowl: its matrix, its lowest point, its two curvatures.
  bowl(table, target) {
    const n = table.length, y = target.map((value) => value - A.mean(target));
    const dot = (u, v) => A.sum(u.map((value, i) => value * v[i]));
    const [u, v] = [A.column(table, 0), A.column(table, 1)];
    const [a, b, c] = [dot(u, u), dot(u, v), dot(v, v)].map((value) => (2 * value) / n);
    const [e, f] = [dot(u, y), dot(v, y)].map((value) => (2 * value) / n);
    const det = a * c - b * b, middle = (a + c) / 2, reach = Math.hypot((a - c) / 2, b);
    return { a, b, c, lowest: [(c * e - b * f) / det, (a * f - b * e) / det], steep: middle + reach, flat: middle - reach };
  },

  // Gradient descent on such a bowl; the loss is what lies above its lowest point.
  descend({ a, b, c, lowest }, rate, steps) {
    let [p, q] = [-lowest[0], -lowest[1]];  // from the lowest point to the start, where both weights are 0
    return Array.from({ length: steps + 1 }, () => {
      const here = { weights: [p + lowest[0], q + lowest[1]], loss: (a * p * p + 2 * b * p * q + c * q * q) / 2 };
      [p, q] = [p - rate * (a * p + b * q), q - rate * (b * p + c * q)];
      return here;
    });
  },
};
