"""``splitgrade watch``: grade what comes in, for as long as it runs."""

from __future__ import annotations

import time
from pathlib import Path

import click

from splitgrade.commands.course_folder import find_course
from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError

LONGEST_PAUSE = 300.0  # seconds, after faults that come again and again


EXAMPLES = examples(
    "PROGRAM watch cnn_exercises",
    "PROGRAM watch cnn_exercises --drop /srv/uploads --feedback",
    "PROGRAM watch cnn_exercises --exchange --once",
)


@click.command("watch", epilog=EXAMPLES)
@click.argument("assignment")
@click.option(
    "--drop", type=click.Path(path_type=Path), metavar="FOLDER", help="Take submissions from FOLDER/STUDENT/ASSIGNMENT."
)
@click.option("--exchange", is_flag=True, help="Collect from nbgrader's exchange.")
@click.option("--every", type=click.FloatRange(min=0.1), default=5.0, show_default=True, help="Seconds between looks.")
@click.option(
    "--per-hour", type=click.IntRange(min=1), default=6, show_default=True, help="Runs of one student's work an hour."
)
@click.option("--feedback", is_flag=True, help="Make pages without hints at once; with --exchange, give them back.")
@click.option("--workers", type=click.IntRange(min=1), help="Submissions at the same time; one a processor by default.")
@click.option("--scheduler", metavar="ADDRESS", envvar="SPLITGRADE_SCHEDULER", help="As for `grade`.")
@click.option("--once", is_flag=True, help="Grade what lies there now, and end.")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each submission and nothing else.")
def watch_command(
    assignment: str,
    *,
    drop: Path | None,
    exchange: bool,
    every: float,
    per_hour: int,
    feedback: bool,
    workers: int | None,
    scheduler: str | None,
    once: bool,
    as_json: bool,
) -> None:
    """Grade what comes in for ASSIGNMENT, as soon as it has not changed between two looks.

    It comes into submitted/, by hand or by `collect`; with --drop or --exchange also from there. Of several versions
    the newest is graded. What was graded before and has not changed is left alone, also after a new start.

    It ends by Ctrl-C or SIGTERM; what was graded by then is recorded. The exit status is 0 then, and 1 where it could
    not begin, or with --once where nothing could be graded.
    """
    from splitgrade.commands.watcher import Watch

    watch = Watch(find_course(), assignment, drop, per_hour, exchange=exchange, feedback=feedback, as_json=as_json)
    pause = every
    try:
        while True:
            try:
                watch.look(workers, scheduler)
                pause = every
            except CourseError as error:  # of the course or the machine: it may be mended meanwhile
                watch.say(f"not graded now: {error}")
                pause = min(2 * pause, LONGEST_PAUSE)
                if once:
                    raise SystemExit(1) from None
            if once and watch.looks >= 3:
                return
            time.sleep(pause)
    except KeyboardInterrupt:  # or a signal by which a service is stopped
        watch.say("stopped; what was graded is recorded")
