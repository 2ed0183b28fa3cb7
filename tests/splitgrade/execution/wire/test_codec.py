"""The wire's values: everything plain crosses exactly, and nothing else does."""

import math
import socket
import struct
import threading
import time
from collections import Counter
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from splitgrade.errors import Closed, TimedOut, WireError
from splitgrade.execution.wire.channel import Channel
from splitgrade.execution.wire.decoder import Decoder
from splitgrade.execution.wire.encoder import Encoder
from splitgrade.execution.wire.plain import TYPES
from splitgrade.sandbox.limits import MAX_DEPTH, MAX_FRAME

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 80), 1 << 80),
    st.floats(),
    st.complex_numbers(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.binary(),
    st.binary().map(bytearray),
    st.fractions(),
    st.decimals(),
    st.just(...),
    st.builds(slice, st.integers() | st.none(), st.integers() | st.none()),
    st.builds(range, st.integers(-99, 99), st.integers(-99, 99), st.integers(1, 5)),
)
hashable = st.one_of(st.none(), st.integers(), st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
arrays = hnp.arrays(
    st.one_of(hnp.boolean_dtypes(), hnp.integer_dtypes(), hnp.floating_dtypes(), hnp.complex_number_dtypes()),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
values = st.recursive(
    scalars | arrays,
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.dictionaries(hashable, inner),
        st.sets(hashable),
        st.frozensets(hashable),
    ),
    max_leaves=20,
)
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.builds(
            lambda tag, rest: [tag, *rest], st.sampled_from("ltszdPagyTcibBrxeqDhk"), st.lists(inner, max_size=4)
        )
    ),
    max_leaves=30,
)


def carried(value):
    """Return a value that has crossed a real socket."""
    left, right = map(Channel, socket.socketpair())
    encoder = Encoder()
    left.send({"value": encoder.encode(value)}, encoder.blobs)
    message, blobs = right.receive()
    left.close()
    right.close()
    return Decoder(blobs).decode(message["value"])


def same(a, b):
    """Say whether two values agree in type and content, NaN and signed zero included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, Decimal):
        return str(a) == str(b)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


@given(values)
@settings(max_examples=150, deadline=None)
def test_plain_values_cross_unchanged(value):
    """Type and content of every plain value survive the wire."""
    assert same(carried(value), value)


@pytest.mark.parametrize("numbers", [list(range(1000)), [0.5] * 1000, tuple(range(70)), [1 << 70] * 70, [True] * 70])
def test_long_lists_of_numbers_cross_unchanged(numbers):
    """Packing a list changes neither its numbers nor their types."""
    assert same(carried(numbers), numbers)


@pytest.mark.parametrize(
    "value", [np.float64(0.5), np.int8(-3), np.bool_(True), np.str_("a"), np.datetime64("2020-01-01")]
)
def test_numpy_scalars_keep_their_type(value):
    """A NumPy scalar arrives as the same kind of scalar."""
    assert same(carried(value), value)


@pytest.mark.parametrize("value", [int, np.float32, ValueError, np.ndarray, np.dtype("<f4"), type(None)])
def test_plain_types_cross_by_name(value):
    """Types that both sides know arrive as themselves."""
    assert carried(value) == value


def test_no_type_is_known_that_could_run_code():
    """The table of types holds data types and exceptions only."""
    assert not {"type", "property", "classmethod", "memoryview", "map", "filter"} & set(TYPES)


def test_arrays_arrive_contiguous_and_writable():
    """A strided view arrives as an array of its own."""
    array = carried(np.arange(12).reshape(3, 4)[:, ::2])
    assert array.flags.c_contiguous
    assert array.flags.writeable
    assert array.tolist() == [[0, 2], [4, 6], [8, 10]]


def test_subclasses_arrive_as_what_they_hold():
    """A subclass crosses as its plain base class; none of its methods is asked."""

    class Liar(int):
        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    class LyingList(list):
        def __iter__(self):
            return iter([99])

        def __len__(self):
            return 99

    class Colour(IntEnum):
        RED = 1

    class LyingCounter(Counter):
        def __eq__(self, other):
            return True

        __hash__ = None

    received = carried([Liar(3), LyingList([1]), Colour.RED, LyingCounter("aab")])
    assert same(received, [3, [1], 1, {"a": 2, "b": 1}])


def test_matrices_arrive_as_arrays():
    """A subclass of ndarray crosses as an ndarray."""
    assert type(carried(np.ma.masked_array([1.0, 2.0], mask=[0, 1]))) is np.ndarray


def test_lone_surrogates_are_replaced():
    """Text arrives that a file can hold."""
    assert carried(["a\ud800b", {"\udfff": 1}]) == ["a\ufffdb", {"\ufffd": 1}]


def test_bytes_of_a_bool_array_are_normalised():
    """A bool array holds True and False only, whatever its bytes were."""
    array = carried(np.frombuffer(bytes([0, 1, 2, 255]), "?"))
    assert array.tobytes() == bytes([0, 1, 1, 1])


def cyclic():
    """Return a list that contains itself."""
    value = []
    value.append(value)
    return value


def bush():
    """Return a small object that unfolds into 2**40 elements."""
    value = []
    for _ in range(40):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        cyclic(),
        bush(),
        np.array([1, "a"], object),
        np.zeros(2, [("a", "i4")]),
        np.broadcast_to(0.0, (10, 10**9)),
        1 << (1 << 21),
        object(),
        print,
        (x for x in ()),
        {"deep": {"er": [lambda: 1]}},
    ],
    ids=[
        "cyclic",
        "bush",
        "object",
        "structured",
        "virtual",
        "huge int",
        "object()",
        "function",
        "generator",
        "nested",
    ],
)
def test_what_is_not_plain_or_too_large_is_refused(value):
    """Everything that is no plain data of bounded size ends in a WireError."""
    with pytest.raises(WireError):
        Encoder().encode(value)


@given(trees, st.lists(st.binary(max_size=40).map(bytearray), max_size=3))
@settings(max_examples=500, deadline=None)
def test_any_tree_gives_plain_data_or_an_error(tree, blobs):
    """Whatever a hostile student sends, decoding ends in exact plain data or a WireError."""
    try:
        value = Decoder(blobs).decode(tree)
    except WireError:
        return
    assert only_plain(value)


PLAIN = (bool, int, float, complex, str, bytes, bytearray, range, slice, type(...), Fraction, Decimal, type(None))


def only_plain(value):
    """Say whether a value consists of exact plain types."""
    if type(value) in (list, tuple, set, frozenset):
        return all(map(only_plain, value))
    if type(value) is dict:
        return all(only_plain(part) for item in value.items() for part in item)
    if type(value) is np.ndarray or isinstance(value, np.generic):
        return value.dtype.kind in "biufcSUmM"
    return type(value) in PLAIN or isinstance(value, np.dtype) or value in TYPES.values()


@pytest.mark.parametrize(
    "tree",
    [
        ["a", "|O", [1], 0],
        ["a", "<f8", [3], 0],
        ["a", "<f8", [-1], 0],
        ["a", "<f8", [1 << 47, 1 << 47, 0], 9],
        ["l", [["b", 0], ["b", 0]]],
        ["d", [["l", []]], [1]],
        ["T", "type"],
        ["h", 1, "function", "f", "f"],
        ["q", [1, 0]],
        ["y", "V8"],
        ["U", "x"],
        ["=", 1],
        ["&", 1, ["l", [["=", 1]]]],
        ["&", [], 1],
        ["u"],
        [],
        {"a": 1},
    ],
)
def test_malformed_trees_are_refused(tree):
    """Wrong dtypes, sizes, references, types and blobs that are used twice end in a WireError."""
    with pytest.raises(WireError):
        Decoder([bytearray(8)]).decode(tree)


def test_what_stands_at_two_places_is_one_object_on_the_other_side():
    """Lists, dicts and arrays, in one value; two that are equal stay two."""
    row, table, numbers = [1], {"a": 1}, np.zeros(2)
    first, second = carried([[row, row, [1]], (row, {"k": row})]), carried([table, [table], numbers, [numbers]])
    assert first[0][0] is first[0][1] is first[1][0] is first[1][1]["k"]
    assert first[0][2] == first[0][0]
    assert first[0][2] is not first[0][0]
    assert second[0] is second[1][0]
    assert second[2] is second[3][0]


def test_a_value_that_grows_by_its_parts_is_refused():
    """Each place counts, as whoever walks through the value would meet it."""
    tree = ["&", 0, ["l", [1]]]
    for number in range(1, 30):
        tree = ["&", number, ["l", [tree, ["=", number - 1]]]]
    with pytest.raises(WireError):
        Decoder([]).decode(tree)


def test_depth_is_bounded():
    """A deeply nested tree is refused before it exhausts the stack."""
    tree = 1
    for _ in range(MAX_DEPTH + 2):
        tree = ["l", [tree]]
    with pytest.raises(WireError):
        Decoder([]).decode(tree)


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_end_in_a_message_or_an_error(data):
    """Arbitrary bytes, then the end of the stream, never hang or crash the receiver."""
    left, right = socket.socketpair()
    channel = Channel(right)
    left.sendall(data)
    left.close()
    messages = iter(channel.receive, None)
    with pytest.raises(WireError):
        list(messages)
    channel.close()


@given(trees)
@settings(max_examples=100, deadline=None)
def test_any_json_ends_in_a_message_or_an_error(tree):
    """A valid frame around arbitrary JSON is a message only when it is an object."""
    left, right = map(Channel, socket.socketpair())
    left.send(tree)
    if type(tree) is dict:
        assert right.receive()[0] == tree
    else:
        with pytest.raises(WireError):
            right.receive()
    left.close()
    right.close()


@pytest.mark.parametrize(
    "header",
    [
        b"XXXX" + struct.pack("<II", 2, 0),
        b"CNN1" + struct.pack("<II", MAX_FRAME, 0),
        b"CNN1" + struct.pack("<II", 2, 1 << 30),
        b"CNN1" + struct.pack("<IIII", 2, 2, (1 << 32) - 1, (1 << 32) - 1),
    ],
    ids=["magic", "json", "blobs", "sizes"],
)
def test_a_frame_over_its_bounds_is_refused_before_it_is_read(header):
    """Lengths are checked before memory is taken for them."""
    left, right = socket.socketpair()
    channel = Channel(right)
    left.sendall(header)
    with pytest.raises(WireError):
        channel.receive()
    left.close()
    channel.close()


def test_json_that_would_grow_in_memory_is_refused():
    """Millions of tiny lists are refused by their count, not parsed."""
    left, right = socket.socketpair()
    channel, text = Channel(right), b"[" + b"[]," * 5_000_000 + b"0]"
    right.settimeout(10)
    sender = threading.Thread(target=left.sendall, args=(b"CNN1" + struct.pack("<II", len(text), 0) + text,))
    sender.start()
    with pytest.raises(WireError, match="nodes"):
        channel.receive()
    sender.join()
    left.close()
    channel.close()


def test_silence_and_endings_are_told_apart():
    """A deadline gives TimedOut, a closed socket gives Closed."""
    left, right = map(Channel, socket.socketpair())
    with pytest.raises(TimedOut):
        right.receive(deadline=time.monotonic() + 0.05)
    left.close()
    with pytest.raises(Closed):
        right.receive()
    with pytest.raises(Closed):
        right.send({"op": "x"})
    right.close()


def test_a_receiver_that_does_not_read_does_not_hold_the_sender():
    """Sending has a deadline as well."""
    left, right = map(Channel, socket.socketpair())
    with pytest.raises(TimedOut):
        left.send({}, [bytes(8 << 20)], deadline=time.monotonic() + 0.05)
    left.close()
    right.close()
