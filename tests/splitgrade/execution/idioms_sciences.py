"""Idioms of scikit-learn, sympy, networkx and seaborn: objects of a library's own classes, made, handed over, looked at."""

from __future__ import annotations

from tests.splitgrade.execution.idioms import idiom

LEARNING = (
    idiom(
        "s1",
        "from sklearn.linear_model import LinearRegression\ns1 = LinearRegression().fit([[0.], [1.], [2.]], [1., 3., 5.])",
        "import numpy as np\nassert np.allclose(s1.coef_, [2]) and abs(s1.intercept_ - 1) < 1e-9\nassert np.allclose(s1.predict([[3.], [4.]]), [7, 9]) and s1.score([[5.], [6.]], [11., 13.]) > .999",
        "from sklearn.linear_model import LinearRegression\ns1 = LinearRegression().fit([[0.], [1.], [2.]], [1., 3., 6.])",
    ),
    idiom(
        "s2",
        "from sklearn.linear_model import Ridge\ndef s2(x, y): return Ridge(alpha=2.0).fit(x, y)",
        "from sklearn.linear_model import Ridge\nm = s2([[0.], [1.]], [0., 1.])\nassert isinstance(m, Ridge) and m.alpha == 2.0 and m.get_params()['alpha'] == 2.0",
        "def s2(x, y): return None",
        how="shared",
    ),
    idiom(
        "s3",
        "from sklearn.metrics import accuracy_score\ndef s3(model, x, y): return accuracy_score(y, model.predict(x))",
        "from sklearn.dummy import DummyClassifier\nx, y = [[0], [1], [2], [3]], [0, 0, 0, 1]\nassert s3(DummyClassifier(strategy='most_frequent').fit(x, y), x, y) == 0.75",
        "def s3(model, x, y): return 1.0",
        how="shared",
    ),
    idiom(
        "s4",
        "from sklearn.model_selection import train_test_split\ns4_a, s4_b = train_test_split(s4_d, test_size=0.25, random_state=3)",
        "from sklearn.model_selection import train_test_split\nwanted = train_test_split(s4_d, test_size=0.25, random_state=3)\nassert len(s4_b) == 2 and (s4_a == wanted[0]).all() and sorted([*s4_a, *s4_b]) == list(range(8))",
        "s4_a, s4_b = s4_d[:6], s4_d[6:]",
        setup="import numpy as np\ns4_d = np.arange(8)",
    ),
    idiom(
        "s5",
        "from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\nfrom sklearn.neighbors import KNeighborsClassifier\ndef s5(x, y): return make_pipeline(StandardScaler(), KNeighborsClassifier(1)).fit(x, y)",
        "m = s5([[0.], [1.], [8.]], [0, 0, 1])\nassert list(m.predict([[7.], [.4]])) == [1, 0] and [name for name, _ in m.steps] == ['standardscaler', 'kneighborsclassifier'] and m.named_steps['kneighborsclassifier'].n_neighbors == 1",
        "from sklearn.dummy import DummyClassifier\ndef s5(x, y): return DummyClassifier().fit(x, y)",
    ),
    idiom(
        "s6",
        "from sklearn.base import BaseEstimator, TransformerMixin\nclass S6(BaseEstimator, TransformerMixin):\n    def fit(self, x, y=None):\n        self.top_ = x.max()\n        return self\n    def transform(self, x): return x / self.top_",
        "import numpy as np\nx = np.array([[1.], [4.]])\nassert np.allclose(S6().fit_transform(x), [[.25], [1]]) and S6().fit(x).top_ == 4",
        "from sklearn.base import BaseEstimator, TransformerMixin\nclass S6(BaseEstimator, TransformerMixin):\n    def fit(self, x, y=None): return self\n    def transform(self, x): return x",
    ),
    idiom(
        "s7",
        "from sklearn.tree import DecisionTreeClassifier\ns7 = DecisionTreeClassifier(max_depth=2, random_state=0).fit([[0], [1], [2], [3]], [0, 1, 1, 0])",
        "from sklearn.utils.validation import check_is_fitted\ncheck_is_fitted(s7)\nassert s7.get_depth() == 2",
        "from sklearn.tree import DecisionTreeClassifier\ns7 = DecisionTreeClassifier()",
        how="shared",
    ),
    idiom(
        "s8",
        "from sklearn.model_selection import GridSearchCV\nfrom sklearn.neighbors import KNeighborsRegressor\ns8 = GridSearchCV(KNeighborsRegressor(), {'n_neighbors': [1, 3]}, cv=2).fit([[n] for n in range(8)], list(range(8)))",
        "assert s8.best_params_ == {'n_neighbors': 1} and len(s8.cv_results_['params']) == 2 and s8.best_estimator_.n_neighbors == 1",
        "from types import SimpleNamespace\ns8 = SimpleNamespace(best_params_={'n_neighbors': 3})",
    ),
)
SYMBOLS = (
    idiom(
        "y1",
        "import sympy as sp\nx = sp.symbols('x')\ny1 = sp.expand((x + 1) ** 2)",
        "import sympy as sp\nx = sp.symbols('x')\nassert y1 == x**2 + 2*x + 1",
        "import sympy as sp\nx = sp.symbols('x')\ny1 = (x + 1) ** 2",
        how="shared",
    ),
    idiom(
        "y2",
        "import sympy as sp\ndef y2(f, x): return sp.diff(f, x)",
        "import sympy as sp\nt = sp.Symbol('t')\nassert sp.simplify(y2(sp.sin(t) * t, t) - (sp.sin(t) + t * sp.cos(t))) == 0",
        "def y2(f, x): return f",
        how="shared",
    ),
    idiom(
        "y3",
        "import sympy as sp\nz = sp.Symbol('z')\ny3 = sp.solve(z**2 - 4, z)",
        "assert len(y3) == 2 and sorted(int(each) for each in y3) == [-2, 2] and [str(each) for each in y3] == ['-2', '2']",
        "y3 = [2, 2]",
    ),
    idiom(
        "y4",
        "import sympy as sp\nu = sp.Symbol('u')\ny4 = sp.integrate(2 * u, u)",
        "assert str(y4) == 'u**2' and float(y4.subs('u', 3)) == 9.0 and len(y4.free_symbols) == 1",
        "import sympy as sp\ny4 = sp.Symbol('u')",
    ),
    idiom(
        "y5",
        "import sympy as sp\ny5 = sp.Matrix([[2, 0], [0, 3]])",
        "assert y5.det() == 6 and y5.shape == (2, 2) and y5[1, 1] == 3",
        "import sympy as sp\ny5 = sp.Matrix([[2, 0], [0, 4]])",
    ),
)
GRAPHS = (
    idiom(
        "g1",
        "import networkx as nx\ng1 = nx.Graph()\ng1.add_weighted_edges_from([('a', 'b', 2), ('b', 'c', 3)])",
        "assert g1.number_of_nodes() == 3 and len(g1) == 3 and g1.has_edge('a', 'b') and 'c' in g1\nassert g1['b']['c']['weight'] == 3 and g1.degree['b'] == 2 and dict(g1.degree()) == {'a': 1, 'b': 2, 'c': 1}\nassert sorted(g1.nodes) == ['a', 'b', 'c'] and sorted(g1.neighbors('b')) == ['a', 'c']",
        "import networkx as nx\ng1 = nx.Graph([('a', 'b')])",
    ),
    idiom(
        "g2",
        "import networkx as nx\ndef g2(graph): return nx.diameter(graph)",
        "import networkx as nx\nassert g2(nx.path_graph(5)) == 4 and g2(nx.cycle_graph(6)) == 3",
        "def g2(graph): return 4",
        how="shared",
    ),
    idiom(
        "g3",
        "import networkx as nx\ndef g3(n): return nx.cycle_graph(n)",
        "import networkx as nx\nassert isinstance(g3(4), nx.Graph) and nx.is_isomorphic(g3(4), nx.cycle_graph(4)) and nx.is_connected(g3(5))",
        "import networkx as nx\ndef g3(n): return nx.path_graph(n)",
        how="shared",
    ),
    idiom(
        "g4",
        "import networkx as nx\ng4 = nx.degree_centrality(nx.star_graph(4))",
        "import networkx as nx\nassert g4 == nx.degree_centrality(nx.star_graph(4)) and max(g4, key=g4.get) == 0",
        "g4 = {0: 1.0}",
    ),
    idiom(
        "g5",
        "import networkx as nx\ndef g5(edges):\n    graph = nx.DiGraph()\n    graph.add_edges_from(edges)\n    return graph",
        "g = g5([(1, 2), (2, 3)])\nassert list(g.edges()) == [(1, 2), (2, 3)] and g.in_degree(3) == 1 and list(g.successors(1)) == [2] and g.is_directed()",
        "import networkx as nx\ndef g5(edges): return nx.Graph(edges)",
    ),
)
DRAWINGS = (
    idiom(
        "d1",
        "import seaborn as sns\nd1 = sns.scatterplot(data=d1_t, x='a', y='b')\nd1.set_title('two')",
        "assert d1.get_xlabel() == 'a' and d1.get_title() == 'two' and d1.collections[0].get_offsets().shape == (3, 2)",
        "import seaborn as sns\nd1 = sns.scatterplot(data=d1_t, x='b', y='a')",
        setup="import pandas as pd\nd1_t = pd.DataFrame({'a': [1, 2, 3], 'b': [3, 1, 2]})",
    ),
    idiom(
        "d2",
        "import seaborn as sns\nd2 = sns.catplot(data=d2_t, x='k', y='v', col='w', kind='bar')",
        "assert d2.axes.shape == (1, 2) and d2.axes[0, 0].get_title() == 'w = p' and len(d2.axes.flat) == 2",
        "d2 = None",
        setup="import pandas as pd\nd2_t = pd.DataFrame({'k': list('abab'), 'v': [1, 2, 3, 4], 'w': list('ppqq')})",
    ),
    idiom(
        "d3",
        "import seaborn as sns\ndef d3(table): return sns.heatmap(table, annot=True)",
        "import pandas as pd\nimport matplotlib.pyplot as plt\nax = d3(pd.DataFrame([[1, 2], [3, 4]]))\nassert isinstance(ax, plt.Axes) and len(ax.texts) == 4",
        "def d3(table): return None",
        how="shared",
    ),
)
GROUPS = {"learning": LEARNING, "symbols": SYMBOLS, "graphs": GRAPHS, "drawings": DRAWINGS}
