"""Idioms of libraries: figures, tables, results of SciPy, arrays of other kinds, pictures."""

from __future__ import annotations

from tests.splitgrade.execution.idioms import idiom

FIGURES = (
    idiom(
        "q2",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2, 3], [1, 4, 9], 'r--', label='sq')\nax.set_ylabel('y')\nax.legend()",
        "assert ax.get_ylabel() == 'y' and len(ax.lines) == 1\nline = ax.lines[0]\nassert list(line.get_xdata()) == [1, 2, 3] and line.get_ydata()[2] == 9 and line.get_color() == 'r' and line.get_linestyle() == '--'\nassert ax.get_legend().get_texts()[0].get_text() == 'sq' and ax.get_legend_handles_labels()[1] == ['sq']",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()",
    ),
    idiom(
        "q3",
        "import matplotlib.pyplot as plt\ndef q3(d):\n    fig, ax = plt.subplots()\n    ax.bar(list(d), list(d.values()))\n    return ax",
        "a = q3({'a': 1, 'b': 3})\nassert [p.get_height() for p in a.patches] == [1, 3] and [t.get_text() for t in a.get_xticklabels()] == ['a', 'b']",
        "import matplotlib.pyplot as plt\ndef q3(d):\n    return plt.subplots()[1]",
    ),
    idiom(
        "q4",
        "import matplotlib.pyplot as plt\nq4 = plt.figure(figsize=(6, 3))\nq4_ax = q4.add_subplot(1, 1, 1)\nq4_ax.hist([1, 1, 2], bins=2)\nq4_ax.set_xlim(0, 3)",
        "import matplotlib\nassert isinstance(q4, matplotlib.figure.Figure)\nassert q4.get_size_inches()[0] == 6 and q4_ax.get_xlim() == (0, 3) and len(q4.axes) == 1 and len(q4_ax.patches) == 2",
        "q4 = q4_ax = None",
        how="shared",
    ),
    idiom(
        "q5",
        "import matplotlib.pyplot as plt\ndef q5(): \n    fig, axes = plt.subplots(1, 2)\n    axes[0].scatter([1, 2], [3, 4])\n    return fig, axes",
        "f, axs = q5()\nassert len(axs) == 2 and axs[0].collections[0].get_offsets().tolist() == [[1, 3], [2, 4]]",
        "import matplotlib.pyplot as plt\ndef q5():\n    return plt.subplots(1, 2)",
    ),
    idiom(
        "q6",
        "import matplotlib.pyplot as plt\nplt.figure()\nplt.plot([1, 2])\nq6 = plt.gca()",
        "from matplotlib.axes import Axes\nassert isinstance(q6, Axes) and len(q6.get_lines()) == 1 and q6.get_lines()[0].get_ydata().tolist() == [1, 2]",
        "q6 = 1",
        how="shared",
    ),
    idiom(
        "q7",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.savefig('q7.png')",
        "import os\nassert os.path.exists('q7.png') and os.path.getsize('q7.png') > 1000",
        "pass",
        how="shared",
    ),
    idiom(
        "q8",
        "import matplotlib.pyplot as plt\ndef q8(x):\n    plt.plot(x)\n    plt.title('hi')",
        "import matplotlib.pyplot as plt\nplt.close('all')\nq8([1, 2])\nassert plt.gca().get_title() == 'hi' and len(plt.get_fignums()) == 1\nplt.close('all')",
        "def q8(x): pass",
        how="shared",
    ),
    idiom(
        "q9",
        "import matplotlib.pyplot as plt\nfig9, ax9 = plt.subplots()\nim9 = ax9.imshow([[1, 2], [3, 4]])\ncb9 = fig9.colorbar(im9)",
        "assert im9.get_array().sum() == 10 and cb9 is not None and len(fig9.axes) == 2 and ax9.images[0].get_array().shape == (2, 2)",
        "im9 = cb9 = fig9 = ax9 = None",
    ),
    idiom(
        "q10",
        "import matplotlib.pyplot as plt\nimport numpy as np\ndef q10(ax, x):\n    ax.plot(x, np.sin(x))\n    return ax",
        "import matplotlib.pyplot as plt\nimport numpy as np\nf, a = plt.subplots()\nr = q10(a, np.linspace(0, 1, 5))\nassert r is a and len(a.lines) == 1\nplt.close(f)",
        "def q10(ax, x): return ax",
        how="shared",
    ),
    idiom(
        "q11",
        "%config InlineBackend.close_figures = False\nimport matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.title('T')",
        "import matplotlib.pyplot as plt\nax = plt.gca()\nassert ax.get_title() == 'T'\nplt.close('all')",
        "import matplotlib.pyplot as plt\nplt.plot([1])",
        how="shared",
    ),
)
TABLES = (
    idiom(
        "t4",
        "import pandas as pd\nt4 = pd.DataFrame({'a': [1, 2, 3], 'b': list('xyx')})",
        "assert list(t4.columns) == ['a', 'b'] and t4.shape == (3, 2) and t4['a'].dtype == 'int64' and t4.loc[0, 'b'] == 'x' and isinstance(t4, pd.DataFrame) and len(t4) == 3 and t4.b.value_counts()['x'] == 2",
        "import pandas as pd\nt4 = pd.DataFrame({'a': [1]})",
    ),
    idiom(
        "t5",
        "t5_g = t5.groupby('k')\nt5_m = t5_g['v'].mean()",
        "assert t5_m['a'] == 1.5 and t5_g.ngroups == 2 and t5_g.get_group('a').shape[0] == 2",
        "t5_m = {'a': 1.5}\nt5_g = None",
        setup="import pandas as pd\nt5 = pd.DataFrame({'k': list('aab'), 'v': [1, 2, 3]})",
    ),
    idiom(
        "t6",
        "t6['c'] = t6['a'] * 2\nt6.drop(columns='a', inplace=True)",
        "assert list(t6.columns) == ['c'] and t6['c'].tolist() == [2, 4]",
        "pass",
        setup="import pandas as pd\nt6 = pd.DataFrame({'a': [1, 2]})",
    ),
    idiom(
        "t7",
        "def t7(df):\n    df['n'] = df['a'] + 1\n    return df",
        "import pandas as pd\nd = pd.DataFrame({'a': [1]})\nr = t7(d)\nassert r['n'][0] == 2 and r is d",
        "def t7(df): return df",
    ),
    idiom(
        "t17",
        "def t17(df): return df.assign(n=df['a'] + 1)",
        "import pandas as pd\nd = pd.DataFrame({'a': [1]})\nassert t17(d)['n'][0] == 2 and list(d.columns) == ['a']",
        "def t17(df):\n    df['n'] = df['a'] + 1\n    return df",
    ),
    idiom(
        "t18",
        "def t18(df, s):\n    df.drop(columns='b', inplace=True)\n    s[0] = 5",
        "import pandas as pd\nd = pd.DataFrame({'a': [1], 'b': [2]})\ns = pd.Series([1], name='s')\nassert t18(d, s) is None and list(d.columns) == ['a'] and s[0] == 5 and s.name == 's'",
        "def t18(df, s): return df.drop(columns='b')",
    ),
    idiom(
        "t8",
        "def t8(df): return df.pivot_table(index='a', columns='b', values='v', aggfunc='sum')",
        "import pandas as pd\nfrom pandas.testing import assert_frame_equal\nd = pd.DataFrame({'a': list('xxy'), 'b': list('pqp'), 'v': [1., 2., 3.]})\nassert_frame_equal(t8(d), d.pivot_table(index='a', columns='b', values='v', aggfunc='sum'))",
        "def t8(df): return df",
    ),
    idiom(
        "t9",
        "t9 = pd.Categorical(['a', 'b', 'a'])\nt9_s = pd.Series(['lo', 'hi'], dtype='category')\nt9_i = pd.interval_range(0, 3)\nt9_p = pd.period_range('2024-01', periods=2, freq='M')\nt9_d = pd.to_timedelta(['1D', '2D'])",
        "assert list(t9.categories) == ['a', 'b'] and t9_s.cat.categories.tolist() == ['hi', 'lo'] and t9_i[0].right == 1 and t9_p[0].year == 2024 and t9_d[1].days == 2",
        "t9 = t9_s = t9_i = t9_p = t9_d = None",
        setup="import pandas as pd",
    ),
    idiom(
        "t10",
        "t10 = t10_d.groupby(pd.cut(t10_d['v'], [0, 2, 4]), observed=False)['v'].sum()",
        "assert t10.iloc[0] == 3 and t10.index[0].right == 2 and len(t10) == 2",
        "t10 = None",
        setup="import pandas as pd\nt10_d = pd.DataFrame({'v': [1, 2, 3]})",
    ),
    idiom(
        "t11",
        "t11 = t11_d.plot(x='a', y='b', kind='scatter')",
        "assert t11.get_xlabel() == 'a' and t11.collections[0].get_offsets().shape == (2, 2)",
        "t11 = None",
        setup="import pandas as pd\nt11_d = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})",
    ),
    idiom(
        "t12",
        "t12 = t12_d.apply(lambda r: r['a'] + r['b'], axis=1)\ndef t12_f(row): return row['a'] * 2",
        "assert t12.tolist() == [4, 6] and t12_d.apply(t12_f, axis=1).tolist() == [2, 4] and t12_d['a'].map(lambda v: v).equals(t12_d['a'])",
        "t12 = t12_d['a']\ndef t12_f(row): return 0",
        setup="import pandas as pd\nt12_d = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})",
    ),
    idiom(
        "t13",
        "t13 = pd.DataFrame({('a', 'x'): [1], ('a', 'y'): [2]})\nt13_m = t13_d.set_index(['k', 'l'])",
        "assert t13['a']['x'][0] == 1 and isinstance(t13.columns, pd.MultiIndex) and t13_m.loc[('p', 1), 'v'] == 5 and t13_m.index.names == ['k', 'l']",
        "t13 = t13_m = None",
        setup="import pandas as pd\nt13_d = pd.DataFrame({'k': ['p'], 'l': [1], 'v': [5]})",
    ),
    idiom(
        "t15",
        "t15 = pd.read_csv('t15.csv')\nt15['r'] = t15['a'].rank()",
        "assert t15['r'].tolist() == [2.0, 1.0] and pd.read_csv('t15.csv').shape == (2, 1)",
        "t15 = None",
        setup="import pandas as pd\nopen('t15.csv', 'w').write('a\\n5\\n3\\n')",
    ),
    idiom(
        "t16",
        "t16 = (t16_d['a'] > 1)\nt16_x = t16_d[t16]\nt16_n = t16_d['a'].max()\nt16_t = t16_d.dtypes",
        "assert t16_d[t16].equals(t16_x) and t16_n == 3 and isinstance(t16_n, np.integer) and t16_t['a'] == np.int64 and t16.sum() == 2",
        "t16 = t16_x = t16_t = None\nt16_n = 0",
        setup="import pandas as pd\nimport numpy as np\nt16_d = pd.DataFrame({'a': [1, 2, 3]})",
    ),
)
NUMBERS = (
    idiom(
        "l12",
        "from scipy import optimize, stats\nl12 = optimize.minimize(lambda x: (x[0] - 1) ** 2, [0])\nl12_d = stats.norm(0, 1)\nl12_t = stats.ttest_ind([1, 2, 3], [2, 3, 4])",
        "assert l12.success and abs(l12.x[0] - 1) < 1e-4 and abs(l12_d.cdf(0) - .5) < 1e-9 and l12_t.pvalue > .2 and l12_t[1] == l12_t.pvalue",
        "l12 = l12_d = l12_t = None",
        how="shared",
    ),
    idiom(
        "l13",
        "from scipy import sparse\ndef l13(): return sparse.csr_matrix([[1, 0], [0, 2]])",
        "m = l13()\nassert m.nnz == 2 and (m.toarray() == [[1, 0], [0, 2]]).all() and m.shape == (2, 2)",
        "def l13(): return None",
    ),
    idiom(
        "l14",
        "import scipy.integrate\ndef l14(f, a, b): return scipy.integrate.quad(f, a, b)[0]",
        "import numpy as np\nassert abs(l14(np.sin, 0, np.pi) - 2) < 1e-9 and abs(l14(lambda x: x, 0, 1) - .5) < 1e-9",
        "def l14(f, a, b): return 0",
    ),
    idiom(
        "l15",
        "import numpy as np\nl15 = np.array([(1, 'a')], dtype=[('n', int), ('s', 'U3')])\nl15_m = np.ma.array([1, 2], mask=[0, 1])\nl15_p = np.poly1d([1, 2])\nl15_o = np.array([1, 'x'], dtype=object)",
        "import numpy as np\nassert l15['n'][0] == 1 and l15_m.sum() == 1 and l15_p(2) == 4 and l15_o[1] == 'x'",
        "l15 = l15_m = l15_p = l15_o = None",
        how="shared",
    ),
)
PICTURES = (
    idiom(
        "l10",
        "from PIL import Image\nl10 = Image.new('RGB', (4, 3), 'red')\ndef l10_f(im): return im.convert('L')",
        "from PIL import Image\nimport numpy as np\nassert l10.size == (4, 3) and l10.mode == 'RGB' and l10.getpixel((0, 0)) == (255, 0, 0) and np.array(l10).shape == (3, 4, 3) and l10_f(Image.new('RGB', (2, 2))).mode == 'L' and isinstance(l10, Image.Image)",
        "from PIL import Image\nl10 = Image.new('L', (4, 3))\ndef l10_f(im): return im",
        how="shared",
    ),
)
GROUPS = {
    "figures": FIGURES,
    "tables": TABLES,
    "numbers": NUMBERS,
    "pictures": PICTURES,
}
