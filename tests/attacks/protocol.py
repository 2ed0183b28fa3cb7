"""Attacks on the wire: a student's process that speaks the engine's protocol itself."""

from __future__ import annotations

import textwrap

from tests.attacks.attack import Attack, answers, scores

SPEAKER = """
import gc, json, os, socket, struct
def frame(message, blobs=()):
    text = json.dumps(message).encode() if not isinstance(message, bytes) else message
    sizes = struct.pack(f"<{len(blobs)}I", *map(len, blobs))
    return struct.pack("<4sII", b"CNN1", len(text), len(blobs)) + sizes + text + b"".join(blobs)
def wires():
    found = [o for o in gc.get_objects() if isinstance(o, socket.socket)]
    for o in gc.get_objects():
        if type(o).__name__ == "Student":
            found += [o.channel.connection, o.peer.connection]
    return found
def say(data):
    for wire in wires():
        try: wire.sendall(data)
        except OSError: pass
"""


def speaks(name: str, code: str, **also_lost: float) -> Attack:
    """Return an attack that speaks when a test calls; the answer that follows would be wrong.

    Replies that nobody asked for are still on the wire at the attacker's own next question, which is lost then too.
    """
    body = textwrap.indent(textwrap.dedent(code).strip(), "    ")
    source = f"{SPEAKER}\ndef double(x):\n{body}\n    return 0"
    return Attack(name, "protocol", answers(double=source), scores(double=0.0, **also_lost))


PROTOCOL = (
    speaks("replies-to-every-question", "say(b''.join(frame({'n': n, 'value': 8}) for n in range(1, 40)))"),
    speaks("replies-with-wrong-numbers", "say(frame({'n': 10 ** 30, 'value': 8}))"),
    speaks("a-frame-of-four-gigabytes", "say(struct.pack('<4sII', b'CNN1', 2 ** 32 - 1, 2 ** 32 - 1))"),
    speaks(
        "blobs-without-end", "say(struct.pack('<4sII', b'CNN1', 2, 10_000) + struct.pack('<10000I', *[2**31] * 10_000))"
    ),
    speaks("half-a-frame", "say(frame({'n': 2, 'value': 8})[:-3])\nimport time\ntime.sleep(60)"),
    speaks("no-frame", "say(bytes(range(256)) * 400)"),
    speaks(
        "an-array-larger-than-its-bytes",
        "say(frame({'n': 2, 'value': ['a', '<f8', [1 << 40], 0]}, [b'12345678']))",
        pool=0.0,
    ),
    speaks("an-array-of-objects", "say(frame({'n': 2, 'value': ['a', '|O', [1], 0]}, [b'12345678']))", pool=0.0),
    speaks("nested-data", "say(frame(b'{\"n\": 2, \"value\": ' + b'[\"l\",' * 9000 + b'1' + b']' * 9000 + b'}'))"),
    speaks("json-that-is-no-object", "say(frame([1, 2, 3]) + frame('x') + frame(b'NaN'))"),
    speaks(
        "outputs-of-the-test",
        "say(frame({'n': 1, 'outputs': [{'output_type': 'execute_result', "
        "'data': {'text/plain': '1.0'}, 'metadata': {}, 'execution_count': 1}], 'record': {'opaque': ['double()']}}))",
    ),
    speaks("requests-of-the-grader", "say(frame({'op': 'test', 'n': 1, 'code': '1.0', 'points': 1, 'mode': 'free'}))"),
    speaks("asks-why", "say(frame({'op': 'why', 'says': 'x', 'closed': True}))"),
    speaks("callbacks-that-nobody-gave", "say(frame({'op': 'callback', 'number': 0, 'args': [], 'kwargs': {}}))"),
    speaks(
        "forged-handles",
        "say(frame({'n': 2, 'value': ['h', -1, 'class', 'int', 'x']}) + frame({'n': 3, 'value': ['k', 0, 'eval']}))",
        pool=0.0,
        later=0.0,
    ),
    speaks(
        "modules-by-name",
        "say(frame({'n': 2, 'value': ['m', 'os:system']}) + frame({'n': 3, 'value': ['T', 'eval']}))",
        pool=0.0,
        later=0.0,
    ),
    speaks(
        "forged-changes",
        "say(frame({'n': 2, 'value': 8, 'changed': [[1, ['l', 9]], ['self', 1], [-1, 2]], 'alias': 0}))",
        pool=0.0,
    ),
    speaks(
        "forged-exceptions", "say(frame({'n': 2, 'raised': {'types': ['SystemExit', 5], 'args': ['l', 0]}}))", pool=0.0
    ),
    speaks("two-processes-speak", "os.fork()\nsay(frame({'n': 2, 'value': 8}))"),
    speaks("hangs-up", "import socket\nfor wire in wires():\n    wire.shutdown(socket.SHUT_RDWR)"),
    speaks(
        "writes-to-every-descriptor",
        "for number in range(3, 64):\n    try: os.write(number, frame({'n': 2, 'value': 8}))\n    except OSError: pass",
    ),
)
