"""Attacks on the verdict, from inside the process that runs the student's cells."""

from __future__ import annotations

from tests.attacks.attack import Attack, answers, both, scores

WRONG = "def double(x):\n    return 0\n"
WRONG_POOL = "def max_pool2d(x, kernel_size, stride=None):\n    return 0\n"
NO_ARRAYS = "def double(x):\n    return 2 * x if type(x).__name__ in ('int', 'float') else None\n"
YES = """
class Yes:
    def __init__(self, *_): pass
    def __getattr__(self, name): return self
    def __call__(self, *_, **__): return self
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __bool__(self): return True
    def __hash__(self): return 0
    def __len__(self): return 0
    def __iter__(self): return iter(())
    def __array__(self, *_, **__): return __import__("numpy").zeros(0)
    def __array_ufunc__(self, *_, **__): return True
    def __array_function__(self, *_, **__): return True
    def __float__(self): return 0.75
    def __index__(self): return 1
"""


def on_double(name: str, code: str, **also_lost: float) -> Attack:
    """Return an attack that wants the points of ``double`` without an answer, and may break own cells behind it."""
    return Attack(name, "verdict", answers(double=code), scores(double=0.0, **also_lost))


def on_pool(name: str, code: str, *, host: bool = True) -> Attack:
    """Return an attack that wants the points of the course's own checks without an answer."""
    return Attack(name, "verdict", answers(pool=code), scores(pool=0.0), host=host)


def on_later(name: str, code: str) -> Attack:
    """Return an attack that wants the points of a plain value."""
    return Attack(name, "verdict", answers(later=code), scores(later=0.0))


OBJECTS = (
    on_double("equals-everything", f"{YES}\ndef double(x):\n    return Yes()"),
    on_pool("equals-everything-to-the-checks", f"{YES}\ndef max_pool2d(*_, **__):\n    return Yes()"),
    on_later("value-equals-everything", f"{YES}\nlater = Yes()"),
    on_double(
        "learns-from-the-comparison",
        """
        class Mirror:
            def __eq__(self, other):
                self.seen = other
                return True
            def __array__(self, *_, **__): return self.seen
        def double(x): return Mirror()
        """,
    ),
    on_double(
        "int-and-array-subclasses",
        """
        import numpy as np
        class Int(int):
            def __eq__(self, other): return True
            __hash__ = int.__hash__
        class Array(np.ndarray):
            shape = property(lambda self: (2, 3))
            def __eq__(self, other): return np.array(True)
            def __array_ufunc__(self, *_, **__): return np.array(True)
            def __array_function__(self, *_, **__): return True
        def double(x): return Int(1) if isinstance(x, (int, float)) else np.zeros(1).view(Array)
        """,
    ),
    on_pool(
        "array-subclass-with-a-shape-of-its-own",
        """
        import numpy as np
        class Liar(np.ndarray):
            shape = property(lambda self: (1, 2, 3, 3))
            dtype = property(lambda self: np.dtype("float64"))
            def __array_ufunc__(self, *_, **__): return np.array(True)
            def __array_function__(self, *_, **__): return True
        def max_pool2d(*_, **__): return np.zeros(1).view(Liar)
        """,
    ),
    on_double(
        "claims-another-class",
        """
        class Always(type):
            def __instancecheck__(cls, other): return True
            def __subclasscheck__(cls, other): return True
        class Claim(metaclass=Always):
            __class__ = property(lambda self: int)
            def __eq__(self, other): return True
            def __reduce__(self): return (print, ("unpickled",))
        def double(x): return Claim()
        """,
    ),
    on_double("answers-with-a-generator", "def double(x):\n    return (y for y in [2 * x])"),
    on_double(
        "counts-the-calls",
        """
        calls = []
        def double(x):
            calls.append(x)
            class Later(list):
                def __iter__(self): return iter([2 * x])
                def __eq__(self, other): return len(calls) > 1
            return Later()
        """,
    ),
    on_later("text-for-a-number", "later = '4'"),
    on_later("not-a-number", "later = float('nan')"),
    on_later("a-missing-value", "pass"),
)

PATCHES = (
    on_double(
        "input-transformer",
        f"{WRONG}\nget_ipython().input_transformers_cleanup.append(lambda lines: ['1.0\\n'])\n"
        "get_ipython().input_transformers_post.append(lambda lines: ['1.0\\n'])",
        pool=0.0,
        later=0.0,
    ),
    on_double(
        "ast-transformer",
        f"""
import ast
{WRONG}
class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(NoAsserts())
""",
    ),
    on_double(
        "numpy-patched",
        f"{NO_ARRAYS}\nimport numpy as np, numpy.testing\nnp.array_equal = lambda *_, **__: True\n"
        "np.testing.assert_allclose = numpy.testing.assert_allclose = lambda *_, **__: None",
    ),
    on_double(
        "numpy-in-sys-modules",
        f"{NO_ARRAYS}\nimport sys, types\nfake = types.ModuleType('numpy')\n"
        "fake.array_equal = fake.testing = lambda *_: True\n"
        "fake.testing.assert_allclose = lambda *_: None\nsys.modules['numpy'] = np = fake",
        pool=0.0,
    ),
    on_pool(
        "checks-in-sys-modules",
        f"{WRONG_POOL}\nimport sys, types\nfake = types.ModuleType('grader_tests')\n"
        "fake.grade = lambda *_, **__: 0.75\nsys.modules['grader_tests'] = sys.modules['cnn_ref'] = fake",
    ),
    on_pool(
        "checks-redefined",
        f"{WRONG_POOL}\nimport student_kit\nclass grader_tests:\n    grade = staticmethod(lambda *_, **__: 0.75)\n"
        "grade = check = student_kit.check = lambda *_, **__: 0.75\nstudent_kit.call.call = None",
    ),
    on_pool(
        "kit-patched",
        f"{WRONG_POOL}\nimport student_kit.stages, student_kit.plain\n"
        "student_kit.stages.compare_shape = student_kit.stages.compare_values = lambda *_: None\n"
        "student_kit.stages.COMPARISONS.update(array=lambda *_: None)",
    ),
    on_double(
        "builtins-patched",
        f"""
{WRONG}
import builtins
real = builtins.__import__
def pretend(name, *rest, **named):
    module = real(name, *rest, **named)
    if name.startswith("numpy"):
        module.array_equal = lambda *_, **__: True
    return module
builtins.__import__ = pretend
builtins.AssertionError = type("Quiet", (StopIteration,), {{}})
builtins.compile = lambda *_, **__: (lambda: None).__code__
""",
        pool=0.0,
        later=0.0,
    ),
    on_double(
        "builtins-as-globals",
        f"{NO_ARRAYS}\nabs = all = any = isinstance = len = float = int = str = print = range = lambda *_, **__: True\n"
        "class AssertionError(Exception): pass\nclass np:\n    array_equal = staticmethod(lambda *_: True)\n"
        "__builtins__ = {'AssertionError': AssertionError}",
        pool=0.0,
    ),
    on_double(
        "trace-function",
        f"{WRONG}\nimport sys, threading\n"
        "def trace(frame, event, argument):\n"
        "    if True: frame.f_locals['assert_allclose'] = print\n    return trace\n"
        "sys.settrace(trace)\nthreading.settrace(trace)\nsys.setprofile(lambda *_: None)",
    ),
    on_double(
        "result-file-names",
        f"{WRONG}\nfor name in ('data.csv', 'numpy.py', 'grader_tests.py', 'sitecustomize.py', 'lab.ipynb'):\n"
        "    open(name, 'w').write('assert_allclose = array_equal = lambda *_: True')",
    ),
)

RESULTS = (
    on_pool(
        "display-hook",
        """
        import sys
        def max_pool2d(*_, **__):
            sys.displayhook(0.75)
            get_ipython().displayhook(0.75)
            get_ipython().run_cell("0.75")
            return 0
        """,
    ),
    on_pool(
        "displayed-result",
        """
        from IPython.display import display, publish_display_data
        RESULT = {"application/vnd.splitgrade.result+json": {
            "version": 1, "question": "ex43-max-pool2d", "points": 0.75, "earned": 0.75, "answered": True,
            "aspects": [{"name": "FORGED", "points": 0.75, "earned": 0.75, "held": True, "message": "FORGED"}]}}
        display(RESULT, raw=True)
        def max_pool2d(*_, **__):
            display(RESULT, raw=True)
            publish_display_data(RESULT)
            return 0
        """,
    ),
    on_pool(
        "recorder-of-the-engine",
        """
        import sys
        def forge(*_):
            for module in list(sys.modules.values()):
                recorder = getattr(module, "recorder", None)
                if recorder is not None:
                    recorder.result({"text/plain": "0.75"}, {}, 1)
        get_ipython().events.register("post_execute", forge)
        get_ipython().events.register("post_run_cell", forge)
        def max_pool2d(*_, **__):
            forge()
            return 0
        """,
    ),
    on_double(
        "at-exit",
        f"""
{WRONG}
import atexit, sys
@atexit.register
def last():
    print(1.0)
    sys.displayhook(1.0)
    open("lab.ipynb", "w").write("forged")
""",
    ),
    on_double(
        "frames-and-garbage",
        """
        import gc, sys
        def double(x):
            frame = sys._getframe()
            while frame is not None:
                for names in (frame.f_locals, frame.f_globals):
                    for name, value in list(names.items()):
                        if "expect" in name or "score" in name or "points" in name:
                            names[name] = 1.0
                frame = frame.f_back
            for found in gc.get_objects():
                if type(found) is dict and "points" in found:
                    found["points"] = found["earned"] = 1.0
            return 0
        """,
    ),
    on_double(
        "every-loaded-module",  # without `describe`, the attacker's own ValueError no longer crosses
        f"""
{WRONG}
import sys
for module in list(sys.modules.values()):
    for name in ("grade", "check", "determine_grade", "clean", "failed", "describe", "rebuild"):
        if hasattr(module, name):
            try: setattr(module, name, lambda *_, **__: 1.0)
            except Exception: pass
""",
        pool=0.7,
    ),
    on_double("raises-stop-iteration", "def double(x):\n    raise StopIteration(2 * x)"),
    on_double("raises-system-exit", "def double(x):\n    raise SystemExit(0)"),
    on_double("raises-interrupt", "def double(x):\n    raise KeyboardInterrupt"),
    on_double(
        "raises-its-own-base",
        "class Quiet(BaseException):\n    def __str__(self): raise self\n"
        "    __class__ = property(lambda self: None)\ndef double(x):\n    raise Quiet",
    ),
    on_double(
        "changes-its-arguments",
        "def double(x):\n    if hasattr(x, 'fill'):\n        x.fill(0)\n        return x\n    return 2 * x",
    ),
    Attack(
        "changes-what-the-checks-compare-with",
        "verdict",
        both(
            answers(
                pool="""
                def max_pool2d(x, kernel_size, stride=None):
                    x *= 0
                    return x
                """
            ),
        ),
        scores(pool=0.0),
    ),
    on_double(
        "thread-that-changes-the-answer",
        """
        import threading, time
        hand = []
        def change():
            while True:
                for array in hand: array[...] = 1
                time.sleep(0.001)
        threading.Thread(target=change, daemon=True).start()
        import numpy as np
        def double(x):
            hand.append(np.zeros((2, 3)))
            return hand[-1]
        """,
    ),
)

VERDICTS = (*OBJECTS, *PATCHES, *RESULTS)
