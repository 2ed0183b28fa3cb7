"""Idioms of the language and its standard library: checks, classes, functions, output, magics and files."""

from __future__ import annotations

from tests.splitgrade.execution.idioms import idiom

CHECKS = (
    idiom(
        "k1",
        "import math\ndef k1(x):\n    if x < 0:\n        raise ValueError('no root of a negative number')\n    return math.sqrt(x)",
        "import pytest\nwith pytest.raises(ValueError):\n    k1(-1)\nwith pytest.raises(ValueError, match='negative'):\n    k1(-2)\nassert k1(4) == 2",
        "import math\ndef k1(x):\n    return x ** .5",
    ),
    idiom(
        "k2",
        "import numpy as np\ndef k2(a): return np.cumsum(a)",
        "import numpy as np\nnp.testing.assert_allclose(k2([1, 2]), [1, 3])\nnp.testing.assert_array_equal(k2([1, 2]), np.array([1, 3]))\nnp.testing.assert_almost_equal(k2([.1, .2])[1], .3)",
        "import numpy as np\ndef k2(a): return np.cumprod(a)",
    ),
    idiom(
        "k3",
        "k3 = 42",
        "import hashlib\nassert hashlib.sha256(str(k3).encode()).hexdigest() == hashlib.sha256(b'42').hexdigest()\nassert hashlib.md5(repr(k3).encode('utf-8')).hexdigest() == 'a1d0c6e83f027327d8461063f4ac58a6'",
        "k3 = 43",
    ),
    idiom(
        "k4",
        "def k4(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total",
        "import ast, inspect\ntree = ast.parse(inspect.getsource(k4))\nassert any(isinstance(n, ast.For) for n in ast.walk(tree)) and not any(isinstance(n, ast.Call) and getattr(n.func, 'id', '') == 'sum' for n in ast.walk(tree))\nassert k4(4) == 6",
        "def k4(n):\n    return sum(range(n))",
    ),
    idiom(
        "k5",
        "def k5(x): return x + 1",
        "import unittest\ncase = unittest.TestCase()\ncase.assertEqual(k5(1), 2)\ncase.assertAlmostEqual(k5(.5), 1.5)\nwith case.assertRaises(TypeError):\n    k5('a')",
        "def k5(x): return 2",
    ),
    idiom(
        "k6",
        "def k6(x): return x * 2",
        "import unittest\nclass K6Test(unittest.TestCase):\n    def test_two(self):\n        self.assertEqual(k6(2), 4)\n    def test_text(self):\n        self.assertEqual(k6('a'), 'aa')\nresult = unittest.TextTestRunner(verbosity=0).run(unittest.defaultTestLoader.loadTestsFromTestCase(K6Test))\nassert result.wasSuccessful()",
        "def k6(x): return x * 3",
    ),
    idiom(
        "k7",
        "def k7(x):\n    '''Double.\n\n    >>> k7(2)\n    4\n    '''\n    return 2 * x",
        "import doctest\nassert k7(3) == 6\nassert '>>> k7(2)' in k7.__doc__",
        "def k7(x): return 2 * x",
    ),
    idiom(
        "k8",
        "k8 = {'a': 1, 'b': [1, 2]}",
        "import json\nassert json.loads(json.dumps(k8)) == {'a': 1, 'b': [1, 2]} and json.dumps(k8, sort_keys=True) == '{\"a\": 1, \"b\": [1, 2]}'",
        "k8 = {}",
    ),
    idiom(
        "k9",
        "def k9(f, x): return f(f(x))",
        "assert k9(lambda v: v + 1, 1) == 3 and k9(str.upper, 'a') == 'A'",
        "def k9(f, x): return f(x)",
    ),
    idiom(
        "k10",
        "def k10(): return 2 ** 300 + 1",
        "assert k10() == 2 ** 300 + 1 and k10() % 2 == 1 and len(str(k10())) == 91",
        "def k10(): return 2 ** 300",
    ),
    idiom(
        "k14",
        "from fractions import Fraction\nfrom decimal import Decimal\ndef k14(): return Fraction(1, 3), Decimal('1.10')",
        "from fractions import Fraction\nfrom decimal import Decimal\nassert k14()[0] == Fraction(1, 3) and k14()[0].denominator == 3 and k14()[1] + 1 == Decimal('2.1')",
        "def k14(): return 1/3, 1.1",
    ),
    idiom(
        "k15",
        "import time\ndef k15():\n    return sum(range(1000))",
        "import time\nt = time.time()\nassert k15() == 499500\nassert time.time() - t < 5",
        "def k15(): return 0",
    ),
    idiom(
        "k16",
        "def k16(x): return {x, x + 1}, frozenset([x])",
        "assert k16(1) == ({1, 2}, frozenset({1})) and k16(1)[0] | {5} == {1, 2, 5}",
        "def k16(x): return [x, x + 1], [x]",
    ),
    idiom(
        "k17",
        "def k17(): return b'ab', bytearray(b'c'), 1 + 2j, None, ..., range(3)",
        "assert k17() == (b'ab', bytearray(b'c'), 1 + 2j, None, ..., range(3))",
        "def k17(): return b'ab'",
    ),
)
CHANCE = (
    idiom(
        "k11",
        "import numpy as np\ndef k11(n):\n    return np.random.rand(n)",
        "import numpy as np\nnp.random.seed(3)\na = k11(4)\nnp.random.seed(3)\nassert np.array_equal(a, np.random.rand(4))",
        "import numpy as np\ndef k11(n): return np.random.default_rng(0).random(n)",
    ),
    idiom(
        "k12",
        "import random\ndef k12(): return [random.randint(1, 6) for _ in range(5)]",
        "import random\nrandom.seed(1)\nfirst = k12()\nrandom.seed(1)\nassert first == [random.randint(1, 6) for _ in range(5)]",
        "def k12(): return [1] * 5",
    ),
    idiom(
        "k13",
        "def k13(rng): return rng.normal(size=3)",
        "import numpy as np\nassert np.allclose(k13(np.random.default_rng(5)), np.random.default_rng(5).normal(size=3))",
        "def k13(rng): return rng.uniform(size=3)",
        how="shared",
    ),
)
OBJECTS = (
    idiom(
        "o1",
        "class O1Base:\n    def area(self): raise NotImplementedError\nclass O1(O1Base):\n    def __init__(self, a): self.a = a\n    def area(self): return self.a ** 2",
        "assert issubclass(O1, O1Base) and isinstance(O1(2), O1Base) and O1(3).area() == 9\ntry:\n    O1Base().area()\nexcept NotImplementedError:\n    pass\nelse:\n    assert False",
        "class O1Base:\n    def area(self): raise NotImplementedError\nclass O1:\n    def __init__(self, a): self.a = a\n    def area(self): return self.a ** 2",
    ),
    idiom(
        "o2",
        "class O2:\n    def __init__(self): self.items = []\n    def push(self, x): self.items.append(x)\n    def pop(self): return self.items.pop()\n    def __len__(self): return len(self.items)\n    def __contains__(self, x): return x in self.items\n    def __iter__(self): return iter(self.items)\n    def __int__(self): return len(self.items)\n    def __float__(self): return sum(self.items) / 2",
        "s = O2()\ns.push(1); s.push(2)\nassert len(s) == int(s) == 2 and float(s) == 1.5 and 2 in s and list(s) == [1, 2] and s.pop() == 2 and s.items == [1]",
        "class O2:\n    def __init__(self): self.items = []\n    def push(self, x): self.items.insert(0, x)\n    def pop(self): return self.items.pop()\n    def __len__(self): return len(self.items)",
    ),
    idiom(
        "o3",
        "class O3:\n    def __init__(self, x, y): self.x, self.y = x, y\n    def __add__(self, o): return O3(self.x + o.x, self.y + o.y)\n    def __mul__(self, k): return O3(self.x * k, self.y * k)\n    def __abs__(self): return (self.x ** 2 + self.y ** 2) ** .5\n    def __eq__(self, o): return (self.x, self.y) == (o.x, o.y)\n    def __lt__(self, o): return abs(self) < abs(o)\n    def __getitem__(self, i): return (self.x, self.y)[i]\n    def __call__(self): return self.x\n    def __bool__(self): return self.x != 0\n    def __hash__(self): return hash((self.x, self.y))",
        "v = O3(3, 4) + O3(0, 0)\nassert abs(v) == 5 and v * 2 == O3(6, 8) and v[0] == 3 and v() == 3 and bool(v) and not O3(0, 1)\nassert sorted([O3(9, 9), O3(1, 1)])[0].x == 1 and len({O3(1, 1), O3(1, 1)}) == 1",
        "class O3:\n    def __init__(self, x, y): self.x, self.y = x, y",
        how="shared",
    ),
    idiom(
        "o4",
        "class O4Error(ValueError):\n    def __init__(self, code):\n        super().__init__(f'code {code}')\n        self.code = code\ndef o4(x):\n    if x > 3:\n        raise O4Error(x)",
        "assert issubclass(O4Error, ValueError)\ntry:\n    o4(5)\nexcept O4Error as e:\n    assert e.code == 5\nelse:\n    raise AssertionError\no4(1)",
        "class O4Error(ValueError): pass\ndef o4(x):\n    pass",
        how="shared",
    ),
    idiom(
        "o5",
        "from abc import ABC, abstractmethod\nclass O5(ABC):\n    @abstractmethod\n    def f(self): ...\nclass O5A(O5):\n    def f(self): return 1",
        "import inspect\nassert inspect.isabstract(O5) and O5A().f() == 1\ntry:\n    O5()\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError('abstract')",
        "class O5:\n    def f(self): ...\nclass O5A(O5):\n    def f(self): return 1",
        how="shared",
    ),
    idiom(
        "o6",
        "class O6:\n    count = 0\n    def __init__(self):\n        O6.count += 1\n        self._secret = 1\n    @property\n    def secret(self): return self._secret\n    @secret.setter\n    def secret(self, v):\n        if v < 0: raise ValueError('negative')\n        self._secret = v",
        "a = O6(); b = O6()\nassert O6.count == 2\na.secret = 5\nassert a.secret == 5 and a._secret == 5\ntry:\n    a.secret = -1\nexcept ValueError:\n    pass\nelse:\n    assert False\nassert isinstance(O6.secret, property)",
        "class O6:\n    count = 0\n    secret = 1",
        how="shared",
    ),
    idiom(
        "o7",
        "from dataclasses import dataclass, field\n@dataclass(order=True, frozen=True)\nclass O7:\n    name: str\n    age: int = 0\n    tags: list = field(default_factory=list)",
        "import dataclasses\np = O7('a', 3)\nassert dataclasses.is_dataclass(O7) and dataclasses.asdict(p) == {'name': 'a', 'age': 3, 'tags': []} and [f.name for f in dataclasses.fields(O7)] == ['name', 'age', 'tags'] and O7('a') < p\ntry:\n    p.age = 4\nexcept dataclasses.FrozenInstanceError:\n    pass\nelse:\n    assert False",
        "class O7:\n    def __init__(self, name, age=0): self.name, self.age, self.tags = name, age, []",
        how="shared",
    ),
    idiom(
        "o8",
        "class O8:\n    def __enter__(self):\n        self.open = True\n        return self\n    def __exit__(self, *a):\n        self.open = False\n        return True",
        "o = O8()\nwith o as x:\n    assert x.open\n    raise ValueError('swallowed')\nassert o.open is False",
        "class O8:\n    def __enter__(self):\n        self.open = True\n        return self\n    def __exit__(self, *a):\n        return True",
        how="shared",
    ),
    idiom(
        "o9",
        "class O9:\n    def __init__(self, n): self.n = n\n    def __iter__(self):\n        self.i = 0\n        return self\n    def __next__(self):\n        if self.i >= self.n: raise StopIteration\n        self.i += 1\n        return self.i",
        "it = iter(O9(2))\nassert next(it) == 1 and next(it) == 2\ntry:\n    next(it)\nexcept StopIteration:\n    pass\nelse:\n    assert False\nassert sum(O9(3)) == 6 and [a for a in O9(2)] == [1, 2]",
        "class O9:\n    def __init__(self, n): self.n = n\n    def __iter__(self): return iter([self.n])",
    ),
)
FUNCTIONS = (
    idiom(
        "g1",
        "import functools\ndef g1(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n        return f(*a, **k) * 2\n    return inner",
        "@g1\ndef five(x):\n    'doc'\n    return x + 5\nassert five(1) == 12 and five.__name__ == 'five' and five.__doc__ == 'doc'",
        "def g1(f): return f",
        how="shared",
    ),
    idiom(
        "g2",
        "def g2(f):\n    def inner(*a):\n        inner.calls += 1\n        return f(*a)\n    inner.calls = 0\n    return inner",
        "h = g2(lambda x: x + 1)\nassert h(1) == 2 and h(2) == 3 and h.calls == 2",
        "def g2(f):\n    f.calls = 0\n    return f",
    ),
    idiom(
        "g3",
        "def g3(n):\n    def inner(x): return x + n\n    return inner",
        "add = g3(3)\nassert add(4) == 7 and callable(add) and list(map(add, [1, 2])) == [4, 5]",
        "def g3(n): return n",
    ),
    idiom(
        "g4",
        "def g4():\n    a, b = 0, 1\n    while True:\n        yield a\n        a, b = b, a + b",
        "import itertools\nassert list(itertools.islice(g4(), 6)) == [0, 1, 1, 2, 3, 5]\ng = g4()\nassert [next(g) for _ in range(3)] == [0, 1, 1] and hasattr(g, '__next__')",
        "def g4(): return [0, 1, 1, 2, 3, 5]",
    ),
    idiom(
        "g5",
        "def g5():\n    total = 0\n    while True:\n        x = yield total\n        total += x",
        "g = g5()\nnext(g)\nassert g.send(3) == 3 and g.send(4) == 7\ng.close()",
        "def g5():\n    while True:\n        yield 3",
    ),
    idiom(
        "g6",
        "import asyncio\nasync def g6(x):\n    await asyncio.sleep(0)\n    return x + 1",
        "import asyncio, inspect\nassert inspect.iscoroutinefunction(g6)\nassert await g6(1) == 2",
        "def g6(x): return x + 1",
        how="shared",
    ),
    idiom(
        "g7",
        "import asyncio\nasync def g7(x):\n    await asyncio.sleep(0)\n    return x + 1",
        "import asyncio\nassert asyncio.get_event_loop() is not None\nr = await asyncio.gather(g7(1), g7(2))\nassert r == [2, 3]",
        "async def g7(x): return x",
        how="shared",
    ),
    idiom(
        "g8",
        "def g8(*args, key=None, **rest): return len(args), key, sorted(rest)",
        "assert g8(1, 2, key='k', b=1, a=2) == (2, 'k', ['a', 'b'])\nimport inspect\nassert inspect.signature(g8).parameters['key'].kind == inspect.Parameter.KEYWORD_ONLY",
        "def g8(*args, key=None, **rest): return len(args), key, []",
    ),
    idiom(
        "g9",
        "from typing import List, Optional\ndef g9(xs: List[int], d: Optional[int] = None) -> Optional[int]:\n    return max(xs) if xs else d",
        "import typing\nassert typing.get_type_hints(g9)['return'] == typing.Optional[int] and g9([1, 3]) == 3",
        "def g9(xs, d=None): return max(xs) if xs else d",
        how="shared",
    ),
    idiom(
        "g10",
        "g10 = lambda x: x ** 2",
        "assert g10(3) == 9 and g10.__name__ == '<lambda>'",
        "def g10(x): return x ** 2",
    ),
    idiom(
        "g11",
        "from functools import lru_cache\n@lru_cache(None)\ndef g11(n): return n if n < 2 else g11(n - 1) + g11(n - 2)",
        "assert g11(30) == 832040 and g11.cache_info().hits > 0",
        "def g11(n): return 832040",
    ),
    idiom(
        "g12",
        "g12 = [x ** 2 for x in range(5)]\ng12_it = map(str, g12)",
        "assert list(g12_it) == ['0', '1', '4', '9', '16'] and type(g12) is list",
        "g12 = (x for x in range(5))\ng12_it = []",
    ),
)
REPLACED = (
    idiom(
        "x1",
        "def x1():\n    name = input('Name? ')\n    print('Hello', name)",
        "import builtins, io, contextlib\nold = builtins.input\nbuiltins.input = lambda prompt='': 'Ada'\nout = io.StringIO()\ntry:\n    with contextlib.redirect_stdout(out):\n        x1()\nfinally:\n    builtins.input = old\nassert out.getvalue() == 'Hello Ada\\n'",
        "def x1(): print('Hello Bob')",
    ),
    idiom(
        "x2",
        "def x2():\n    return [input(), input()]",
        "from unittest.mock import patch\nwith patch('builtins.input', side_effect=['a', 'b']) as m:\n    assert x2() == ['a', 'b'] and m.call_count == 2",
        "def x2(): return ['a', 'a']",
    ),
    idiom(
        "x3",
        "def x3(): print('out')",
        "from IPython.utils.io import capture_output\nwith capture_output() as c:\n    x3()\nassert c.stdout.strip() == 'out'",
        "def x3(): print('in')",
    ),
    idiom(
        "x4",
        "import random\ndef x4(): return random.choice('abc')",
        "from unittest.mock import patch\nwith patch('random.choice', return_value='z'):\n    assert x4() == 'z'",
        "def x4(): return 'a'",
        how="shared",
    ),
    idiom(
        "x5",
        "import math\ndef x5_helper(x): return math.floor(x)\ndef x5(x): return x5_helper(x) + 1",
        "from unittest.mock import patch, MagicMock\nwith patch('__main__.x5_helper', return_value=10) as m:\n    assert x5(3.5) == 11\n    m.assert_called_once_with(3.5)",
        "def x5_helper(x): return int(x)\ndef x5(x): return int(x) + 1",
        how="shared",
    ),
    idiom(
        "x6",
        "def x6(client): return client.get('/a').json()['k']",
        "from unittest.mock import MagicMock\nclient = MagicMock()\nclient.get.return_value.json.return_value = {'k': 5}\nassert x6(client) == 5\nclient.get.assert_called_with('/a')",
        "def x6(client): return 6",
        how="shared",
    ),
    idiom(
        "x7",
        "def x7(n):\n    for i in range(n):\n        print(i, end=' ')",
        "import sys, io\nsys.stdout = cap = io.StringIO()\nx7(3)\nsys.stdout = sys.__stdout__\nassert cap.getvalue() == '0 1 2 '",
        "def x7(n): print(n)",
    ),
    idiom(
        "x8",
        "import sys\ndef x8(): print('bad', file=sys.stderr)",
        "import io, contextlib\ne = io.StringIO()\nwith contextlib.redirect_stderr(e):\n    x8()\nassert e.getvalue() == 'bad\\n'",
        "def x8(): print('bad')",
        how="shared",
    ),
    idiom(
        "x9",
        "import logging\ndef x9(): logging.getLogger('x9').warning('careful')",
        "import logging, io\ns = io.StringIO()\nh = logging.StreamHandler(s)\nlogging.getLogger('x9').addHandler(h)\nx9()\nassert 'careful' in s.getvalue()",
        "def x9(): pass",
        how="shared",
    ),
    idiom(
        "x10",
        "import warnings\ndef x10():\n    warnings.warn('old', DeprecationWarning)\n    return 1",
        "import warnings\nwith warnings.catch_warnings(record=True) as w:\n    warnings.simplefilter('always')\n    assert x10() == 1\nassert len(w) == 1 and issubclass(w[0].category, DeprecationWarning)",
        "def x10(): return 1",
        how="shared",
    ),
)
MAGICS = (
    idiom(
        "m1",
        "m1 = !echo hi\nm1 = 3",
        "assert m1 == 3",
        "m1 = 4",
    ),
    idiom(
        "m2",
        "%%time\nm2 = 5",
        "assert m2 == 5",
        "m2 = 6",
    ),
    idiom(
        "m3",
        "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'\n%precision 4\nm3 = 1",
        "assert m3 == 1",
        "m3 = 0",
    ),
    idiom(
        "m4",
        "def m4(): return sum(range(10))",
        "t = %timeit -n1 -r1 -o -q m4()\nassert t.best < 1 and m4() == 45",
        "def m4(): return 0",
    ),
    idiom(
        "m5",
        "%load_ext autoreload\n%autoreload 2\nm5 = 1",
        "assert m5 == 1",
        "m5 = 2",
    ),
    idiom(
        "m6",
        "def m6(): print('six')",
        "",
        "def m6(): raise ValueError",
        released="%%capture captured\nm6()",
    ),
    idiom(
        "m7",
        "m7 = 1",
        "assert m7 == 1\n_ = get_ipython().run_line_magic('who_ls', '')\nassert 'm7' in _",
        "m8 = 1",
        how="shared",
    ),
    idiom(
        "m8",
        "def m8(): print('x')",
        "",
        "def m8(): raise ValueError",
        released="%%time\nm8()\nassert m8() is None",
    ),
)
WRITTEN = (
    idiom(
        "w4",
        "import csv\nwith open('w4.csv', 'w', newline='') as f:\n    csv.writer(f).writerows([['a', 'b'], [1, 2]])",
        "import csv\nwith open('w4.csv') as f:\n    assert list(csv.reader(f)) == [['a', 'b'], ['1', '2']]",
        "open('w4.csv', 'w').close()",
        how="shared",
    ),
    idiom(
        "w5",
        "import json\njson.dump({'a': 1}, open('w5.json', 'w'))",
        "import json, os\nassert os.path.isfile('w5.json') and json.load(open('w5.json')) == {'a': 1}",
        "pass",
        how="shared",
    ),
    idiom(
        "w6",
        "def w6(path):\n    with open(path) as f:\n        return len(f.readlines())",
        "import tempfile, os\nwith tempfile.NamedTemporaryFile('w', suffix='.txt', delete=False) as f:\n    f.write('a\\nb\\n')\nassert w6(f.name) == 2\nos.remove(f.name)",
        "def w6(path): return 0",
        how="shared",
    ),
    idiom(
        "w7",
        "import os\nos.makedirs('w7', exist_ok=True)\nwith open('w7/a.txt', 'w') as f: f.write('x')",
        "from pathlib import Path\nassert [p.name for p in Path('w7').iterdir()] == ['a.txt']",
        "pass",
        how="shared",
    ),
    idiom(
        "w8",
        "import pickle\npickle.dump([1, 2], open('w8.pkl', 'wb'))",
        "import pickle\nassert pickle.load(open('w8.pkl', 'rb')) == [1, 2]",
        "pass",
        how="shared",
    ),
    idiom(
        "w9",
        "import numpy as np\nnp.save('w9.npy', np.arange(3))\nnp.savetxt('w9.txt', np.arange(3))",
        "import numpy as np\nassert np.load('w9.npy').sum() == 3 and np.loadtxt('w9.txt').sum() == 3",
        "pass",
        how="shared",
    ),
    idiom(
        "w10",
        "import sqlite3\nw10 = sqlite3.connect(':memory:')\nw10.execute('create table t (a int)')\nw10.execute('insert into t values (3)')\nw10_q = 'select a from t'",
        "assert w10.execute(w10_q).fetchall() == [(3,)]",
        "import sqlite3\nw10 = sqlite3.connect(':memory:')\nw10.execute('create table t (a int)')\nw10_q = 'select a from t'",
    ),
)
HELD = (
    idiom(
        "h1", "h1 = [1]\nh1_b = h1", "assert h1 is h1_b\nh1.append(2)\nassert h1_b == [1, 2]", "h1 = [1]\nh1_b = [1]"
    ),
    idiom(
        "h2",
        "class H2:\n    def __init__(self, items): self.items = items",
        "h2_l = [1]\nh2 = H2(h2_l)\nh2_l.append(2)\nassert h2.items == [1, 2] and h2.items is h2_l",
        "class H2:\n    def __init__(self, items): self.items = list(items)",
    ),
    idiom(
        "h3",
        "h3 = {}\ndef h3_f(n):\n    if n not in h3: h3[n] = n * n\n    return h3[n]",
        "h3.clear()\nassert h3_f(3) == 9 and h3 == {3: 9}\nh3[4] = 5\nassert h3_f(4) == 5",
        "h3 = {}\ndef h3_f(n): return n * n",
    ),
    idiom(
        "h4",
        "import copy\ndef h4(m): return copy.deepcopy(m)",
        "h4_m = [[1]]\nh4_n = h4(h4_m)\nh4_n[0].append(2)\nassert h4_m == [[1]]",
        "def h4(m): return m[:]",
        how="shared",
    ),
    idiom(
        "h6",
        "def h6(x): return sum(range(x))",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as pool:\n"
        "    assert list(pool.map(h6, range(200))) == [sum(range(n)) for n in range(200)]",
        "def h6(x): return x",
    ),
    idiom(
        "h5",
        "class H5:\n    def __init__(self, n): self.rows = [[0] * n for _ in range(n)]",
        "h5 = H5(2)\nh5.rows[0][0] = 1\nassert h5.rows == [[1, 0], [0, 0]]",
        "class H5:\n    def __init__(self, n): self.rows = [[0] * n] * n",
    ),
)
GROUPS = {
    "held": HELD,
    "checks": CHECKS,
    "chance": CHANCE,
    "objects": OBJECTS,
    "functions": FUNCTIONS,
    "replaced": REPLACED,
    "magics": MAGICS,
    "written": WRITTEN,
}
