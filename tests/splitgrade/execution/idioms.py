"""Idioms of other people's test cells, each as a question of its own: a solution, a test, and a wrong answer."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Idiom:
    """A question.

    Parameters
    ----------
    name : str
        The grade_id of its answer.
    solution, test, wrong : str
        Text of the cells; ``wrong`` is an answer that stock nbgrader gives no points.
    setup : str
        A locked cell before the answer.
    how : {"apart", "shared"}
        Where its test runs.
    released : str
        The part of the test cell that students have.
    after : str
        A cell of the student's behind the test.
    """

    name: str
    solution: str
    test: str
    wrong: str
    how: str = "apart"
    setup: str = ""
    released: str = ""
    after: str = ""


def idiom(name: str, solution: str, test: str, wrong: str, **rest: str) -> Idiom:
    """Return an idiom with its texts dedented."""
    rest = {key: text if key == "how" else dedent(text).strip() for key, text in rest.items()}
    return Idiom(name, *(dedent(text).strip() for text in (solution, test, wrong)), **rest)


NAMES = (
    idiom("n1", "n1 = 3", "assert 'n1' in dir() and n1 == 3", "n2 = 3"),
    idiom("n3", "n3 = [1]", "assert 'n3' in globals()\nassert globals()['n3'] == [1]", "pass"),
    idiom("n4", "n4 = 4", "assert 'n4' in locals() and locals()['n4'] == 4", "n4 = 5"),
    idiom("n5", "n5 = 5", "assert 'n5' in vars() and 'n5_none' not in globals()", "n5_none = 1"),
    idiom(
        "n6", "def n6(x): return x", "assert callable(globals().get('n6')) and globals().get('n6')(2) == 2", "n6 = 2"
    ),
    idiom(
        "n7",
        "n7 = 7",
        "try:\n    n7\nexcept NameError:\n    assert False, 'n7 is missing'\nassert eval('n7') == 7",
        "pass",
    ),
    idiom(
        "n8",
        "n8 = 1",
        "for name in ['n8']:\n    assert name in globals(), name\n    assert isinstance(eval(name), int)",
        "n8 = 'x'",
    ),
)
RELEASED = (
    idiom(
        "r1",
        "def r1(): return 1",
        "import statistics\ndef r1_helper(x): return x + 1\nassert r1() == 1",
        "def r1(): return 2",
        released="import statistics\ndef r1_helper(x): return x + 1\nR1 = [1, 2]",
    ),
    idiom(
        "r3",
        "def r3(n): return list(itertools.islice(itertools.count(), n))",
        "assert r3(2) == [0, 1] and r3_more(r3) == [0]",
        "def r3(n): return n",
        released="import itertools\ndef r3_more(f): return f(1)",
    ),
    idiom("r2", "def r2(x): return r1_helper(statistics.mean(R1)) + x", "assert r2(1) == 3.5", "def r2(x): return x"),
)
REPLACED = (
    idiom(
        "d1",
        "def d1(n): return n * n\ndef d1_sum(n): return sum(d1(i) for i in range(n))",
        """
        d1_kept = d1
        del d1
        try:
            d1_sum(3)
        except NameError:
            pass
        else:
            raise AssertionError('d1_sum does not use d1')
        finally:
            d1 = d1_kept
        """,
        "def d1(n): return n * n\ndef d1_sum(n): return sum(i * i for i in range(n))",
    ),
    idiom("d2", "def d2(): return d1_sum(3)", "assert d2() == 5 and d1(3) == 9", "def d2(): return 4"),
    idiom(
        "d3",
        "d3_rate = 2\ndef d3(x): return d3_rate * x",
        "d3_rate = 10\nassert d3(1) == 10\nd3_rate = 2\nassert d3(1) == 2",
        "d3_rate = 2\ndef d3(x): return 2 * x",
    ),
    idiom(
        "d4",
        "def d4_helper(x): return x\ndef d4(x): return d4_helper(x) + 1",
        """
        d4_old, d4_calls = d4_helper, []
        def d4_helper(x):
            d4_calls.append(x)
            return d4_old(x)
        assert d4(5) == 6
        d4_helper = d4_old
        assert d4_calls == [5]
        """,
        "def d4_helper(x): return x\ndef d4(x): return x + 1",
    ),
)
SOURCE = (
    idiom(
        "s1",
        "def s1(n):\n    return sum(i for i in range(n))",
        "import inspect\nassert 'for' in inspect.getsource(s1)\nassert s1(4) == 6",
        "def s1(n):\n    return n * (n - 1) // 2",
    ),
    idiom(
        "s2",
        "def s2(a, b=2, *, c='x'):\n    return a",
        """
        import inspect
        spec = inspect.getfullargspec(s2)
        assert spec.args == ['a', 'b'] and spec.defaults == (2,) and spec.kwonlydefaults == {'c': 'x'}
        assert inspect.signature(s2).parameters['b'].default == 2
        """,
        "def s2(a, b=3, *, c='x'):\n    return a",
    ),
    idiom(
        "s3",
        "def s3(x):\n    '''Say x.'''\n    return x",
        "assert s3.__doc__ == 'Say x.' and s3.__name__ == 's3' and s3.__defaults__ is None\n"
        "import types\nassert type(s3) == types.FunctionType and type(s3).__name__ == 'function'",
        "def s3(x):\n    return x",
    ),
    idiom(
        "s4",
        "class S4:\n    def __init__(self, x): self.x = x",
        "obj = S4(1)\nassert type(obj) == S4 and type(obj).__name__ == 'S4' and obj.__class__ == S4\n"
        "assert obj.__dict__ == {'x': 1} and vars(obj) == {'x': 1}",
        "class S4:\n    def __init__(self, x): self.y = x",
    ),
    idiom(
        "s5",
        "def s5(x: int) -> str:\n    return str(x)",
        "assert s5.__annotations__ == {'x': int, 'return': str}",
        "def s5(x):\n    return str(x)",
    ),
    idiom(
        "s6",
        "def s6(n):\n    return 1 if n < 2 else n * s6(n - 1)",
        "assert 's6' in s6.__code__.co_names and s6.__code__.co_argcount == 1 and s6(4) == 24",
        "import math\ndef s6(n):\n    return math.factorial(n)",
    ),
)
IN_PLACE = (
    idiom(
        "i1",
        "i1_table['a'] = 1\ni1_table['b'] = 2",
        "assert i1_table == {'a': 1, 'b': 2}",
        "pass",
        setup="i1_table = {}",
    ),
    idiom("i2", "i2_list.append(3)", "assert i2_list == [1, 3]", "i2_list[:] = [3]", setup="i2_list = [1]"),
    idiom(
        "i3",
        "i3_a[0] = 9\ndel i3_b['x']",
        "assert i3_a[0] == 9 and i3_b == {}",
        "pass",
        setup="import numpy as np\ni3_a = np.zeros(3)\ni3_b = {'x': 1}",
    ),
    idiom(
        "i4", "for k in 'ab':\n    i4_d.update({k: ord(k)})", "assert i4_d['b'] == 98", "i4_d = {}", setup="i4_d = {}"
    ),
)
FRESH = (
    idiom(
        "f1",
        "cart = []\ndef f1(x): cart.append(x)",
        "f1(3)\nassert cart == [3]\nf1(4)\nassert cart == [3, 4]",
        "cart = []\ndef f1(x): cart[:] = [x]",
    ),
    idiom(
        "f2",
        "f2_n = 0\ndef f2():\n    global f2_n\n    f2_n += 1",
        "assert f2_n == 0\nf2()\nf2()\nassert f2_n == 2",
        "f2_n = 0\ndef f2(): pass",
    ),
    idiom(
        "f3",
        "f3_l = [1]\ndef f3(): return len(f3_l)",
        "f3_l.append(5)\nassert f3() == 2",
        "f3_l = [1]\ndef f3(): return 1",
    ),
    idiom(
        "f4",
        "f4_d = {}\ndef f4(): return f4_d.get('k')",
        "f4_d['k'] = 7\nassert f4() == 7",
        "f4_d = {}\ndef f4(): return None",
    ),
    idiom(
        "f5",
        "def f5(): return f5_rate * 2",
        "f5_rate = 10\nassert f5() == 20 and f5_rate == 10\nf5_rate, f5_other = 3, 1\nassert f5() == 6",
        "def f5(): return 20",
        setup="f5_rate = 2",
    ),
)
VALUES = (
    idiom(
        "v1",
        "from collections import namedtuple\nv1_P = namedtuple('v1_P', 'x y')\ndef v1(): return v1_P(1, 2)",
        "p = v1()\nassert p.x == 1 and p.y == 2 and p == (1, 2) and p._asdict() == {'x': 1, 'y': 2}",
        "def v1(): return (1, 2)",
    ),
    idiom(
        "v2",
        "from collections import Counter\ndef v2(s): return Counter(s)",
        "c = v2('aab')\nassert c.most_common(1) == [('a', 2)] and c['z'] == 0 and isinstance(c, dict)",
        "def v2(s): return {'a': 2, 'b': 1}",
    ),
    idiom(
        "v3",
        "from dataclasses import dataclass\n@dataclass\nclass V3:\n    x: int\n    y: int = 2\nv3 = V3(1)",
        "assert v3 == V3(1, 2) and v3.y == 2 and repr(v3) == 'V3(x=1, y=2)'",
        "class V3:\n    def __init__(s, x, y=2): s.x, s.y = x, y\nv3 = V3(1)",
    ),
    idiom(
        "v4",
        "from enum import Enum\nclass V4(Enum):\n    RED = 1\n    BLUE = 2",
        "assert V4.RED.value == 1 and V4(2) == V4.BLUE and [c.name for c in V4] == ['RED', 'BLUE']",
        "class V4:\n    RED, BLUE = 1, 2",
    ),
    idiom(
        "v5",
        "def v5(n):\n    for i in range(n):\n        yield i * i",
        "import types\ng = v5(3)\nassert next(g) == 0 and list(g) == [1, 4]\nassert isinstance(v5(1), types.GeneratorType)",
        "def v5(n):\n    return [i * i for i in range(n)]",
    ),
    idiom(
        "v6",
        "from collections import defaultdict, OrderedDict, deque\nv6 = (defaultdict(int, a=1), OrderedDict(b=2), deque([1, 2]))",
        "assert v6[0]['a'] == 1 and v6[1]['b'] == 2 and list(v6[2]) == [1, 2]",
        "v6 = ({}, {}, [])",
    ),
    idiom(
        "v7",
        "import datetime\ndef v7(d): return d + datetime.timedelta(days=1)",
        "import datetime\nassert v7(datetime.date(2024, 2, 28)) == datetime.date(2024, 2, 29)\n"
        "assert v7(datetime.datetime(2024, 1, 1, 5)).hour == 5",
        "def v7(d): return d",
    ),
    idiom(
        "v8",
        "import numpy as np\ndef v8(): return [np.array([1, 2]), np.array([3])]",
        "import numpy as np\nassert all((a == b).all() for a, b in zip(v8(), [np.array([1, 2]), np.array([3])]))",
        "import numpy as np\ndef v8(): return [np.array([1, 2]), np.array([4])]",
    ),
    idiom(
        "v9",
        "v9_x = __import__('numpy').array([1, 2])\nv9 = [v9_x]",
        "assert v9 == [v9_x]",
        "v9_x = 1\nv9 = [2]",
        how="shared",
    ),
    idiom(
        "v10",
        "import io\ndef v10(f): return f.read().split()",
        "import io\nassert v10(io.StringIO('a b')) == ['a', 'b']",
        "def v10(f): return 'a b'",
    ),
    idiom(
        "v11",
        "def v11(f): f.write('hi')",
        "import io\nout = io.StringIO()\nv11(out)\nassert out.getvalue() == 'hi'",
        "def v11(f): pass",
    ),
    idiom(
        "v12",
        "import pathlib\ndef v12(): return pathlib.Path('a') / 'b'",
        "from pathlib import Path\nassert v12() == Path('a/b')",
        "def v12(): return 'a/b'",
    ),
    idiom(
        "v13",
        "import uuid, re\nv13 = re.compile('a+')",
        "assert v13.match('aa').group() == 'aa'",
        "import re\nv13 = re.compile('b')",
    ),
)
CLASSES = (
    idiom(
        "c1",
        "class C1:\n    def area(self): return 0",
        "class C1Sub(C1):\n    def area(self): return 5 + super().area()\nassert C1Sub().area() == 5 and issubclass(C1Sub, C1)",
        "class C1:\n    def area(self): return 'x'",
        how="shared",
    ),
    idiom(
        "c2",
        "class C2Error(Exception): pass\ndef c2(x):\n    raise C2Error('no ' + x)",
        "try:\n    c2('y')\nexcept C2Error as error:\n    assert str(error) == 'no y'\nelse:\n    assert False",
        "class C2Error(Exception): pass\ndef c2(x):\n    raise ValueError('no ' + x)",
        how="shared",
    ),
    idiom(
        "c3",
        "import copy\nclass C3:\n    def __init__(self): self.items = [1]",
        "import copy\na = C3()\nb = copy.deepcopy(a)\nb.items.append(2)\nassert a.items == [1] and b.items == [1, 2]",
        "class C3:\n    items = [1]\n    def __deepcopy__(self, memo): return self",
        how="shared",
    ),
    idiom(
        "c4",
        "class C4:\n    def __init__(self, x): self.x = x\n    def __eq__(self, o): return self.x == o.x\n    def __repr__(self): return f'C4({self.x})'",
        "assert C4(1) == C4(1) and C4(1) != C4(2) and str(C4(3)) == 'C4(3)' and isinstance(C4(1), C4)",
        "class C4:\n    def __init__(self, x): self.x = x",
    ),
    idiom(
        "c5",
        "class C5:\n    @property\n    def p(self): return 1\n    @staticmethod\n    def s(x): return x\n    @classmethod\n    def k(cls): return cls()",
        "assert C5().p == 1 and C5.s(2) == 2 and type(C5.k()) == C5 and hasattr(C5, 'p') and 's' in dir(C5)",
        "class C5:\n    def p(self): return 1",
    ),
)
PRINTS = (
    idiom(
        "p1",
        "def p1(n): print('hello', n)",
        "import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    p1('a')\nassert out.getvalue() == 'hello a\\n'",
        "def p1(n): print('hallo', n)",
    ),
    idiom(
        "p2",
        "def p2(n): print('hello', n)",
        "import io, sys\nold = sys.stdout\nsys.stdout = io.StringIO()\np2('b')\nsaid = sys.stdout.getvalue()\nsys.stdout = old\nassert said.strip() == 'hello b'",
        "def p2(n): return 'hello b'",
    ),
    idiom(
        "p3",
        "def p3(): return int(input('n? ')) + 1",
        "from unittest.mock import patch\nwith patch('builtins.input', return_value='4'):\n    assert p3() == 5",
        "def p3(): return 6",
    ),
    idiom(
        "p4",
        "def p4(): print('x')",
        "from unittest import mock\nwith mock.patch('builtins.print') as m:\n    p4()\nm.assert_called_once_with('x')",
        "def p4(): print('y')",
    ),
    idiom(
        "p5",
        "def p5(): print('cap')",
        "from IPython.utils.capture import capture_output\nwith capture_output() as c:\n    p5()\nassert c.stdout == 'cap\\n'",
        "def p5(): pass",
    ),
)
FILES = (
    idiom(
        "w1",
        "with open('w1.txt', 'w') as f:\n    f.write('hello')",
        "assert open('w1.txt').read() == 'hello'",
        "pass",
        how="shared",
    ),
    idiom(
        "w2",
        "def w2():\n    with open('w2.txt', 'w') as f:\n        f.write('x')",
        "import os\nw2()\nassert os.path.exists('w2.txt') and open('w2.txt').read() == 'x'",
        "def w2(): pass",
        how="shared",
    ),
    idiom(
        "w3",
        "def w3(path): return open(path).read()",
        "with open('w3.txt', 'w') as f:\n    f.write('abc')\nassert w3('w3.txt') == 'abc'",
        "def w3(path): return ''",
        how="shared",
    ),
)
ENDS = (
    idiom(
        "e1",
        "import numpy as np\ne1 = np.zeros((2, 3))",
        "assert e1.shape == (2, 3)\ne1.shape",
        "import numpy as np\ne1 = np.zeros(3)",
    ),
    idiom("e2", "def e2(x): return x", "assert e2(1) == 1\nprint('ok')\n'well done'", "def e2(x): return 2"),
    idiom("e3", "def e3(x): return x > 1", "e3(2) is True", "def e3(x): return False"),
)
TABLES = (
    idiom(
        "t1",
        "import pandas as pd\ndef t1(rows): return pd.DataFrame(rows, columns=['a', 'b']).groupby('b').sum()",
        """
        import pandas as pd
        from pandas.testing import assert_frame_equal
        wanted = pd.DataFrame({'a': [3, 3]}, index=pd.Index(['x', 'y'], name='b'))
        assert_frame_equal(t1([(1, 'x'), (2, 'x'), (3, 'y')]), wanted)
        """,
        "import pandas as pd\ndef t1(rows): return pd.DataFrame(rows, columns=['a', 'b']).groupby('b').max()",
    ),
    idiom(
        "t2",
        "import pandas as pd\nt2 = pd.Series([1.5, None, 2], index=pd.date_range('2024-01-01', periods=3), name='n')",
        "assert t2.name == 'n' and t2.isna().sum() == 1 and t2.loc['2024-01-03'] == 2 and t2.index[0].year == 2024",
        "import pandas as pd\nt2 = pd.Series([1.5, 0, 2])",
    ),
    idiom(
        "t3",
        "def t3(frame): return frame.dropna()['a'].mean()",
        "import pandas as pd\nimport numpy as np\nframe = pd.DataFrame({'a': [1, 3, 8], 'b': [1, 2, np.nan]})\n"
        "assert t3(frame) == 2 and len(frame) == 3",
        "def t3(frame): return frame['a'].mean()",
    ),
)
GROUPS = {
    "names": NAMES,
    "released": RELEASED,
    "replaced": REPLACED,
    "source": SOURCE,
    "in-place": IN_PLACE,
    "fresh": FRESH,
    "values": VALUES,
    "classes": CLASSES,
    "prints": PRINTS,
    "files": FILES,
    "ends": ENDS,
}
