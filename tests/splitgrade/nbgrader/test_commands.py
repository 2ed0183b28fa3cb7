"""nbgrader's own commands work with the configuration as it is, and every name in it means something."""

from __future__ import annotations

import csv
from pathlib import Path

from nbgrader.apps import NbGraderApp
from nbgrader.validator import Validator

from cnn_course.course import load_course
from splitgrade.feedback.exporter import FeedbackExporter
from splitgrade.feedback.redact import RedactFeedback
from splitgrade.nbgrader.environment import prepare
from splitgrade.nbgrader.execute import SplitExecute
from splitgrade.nbgrader.session import load_config, open_gradebook
from tests.course_fixture import ADD_RIGHT, ASSIGNMENT, PLUS_RIGHT, REPOSITORY, SECRETS, hand_in
from tests.splitgrade.nbgrader.test_traps import nbgrader


def test_autograde_feedback_and_export_from_the_command_line(released: Path) -> None:
    """A class is graded, gets its pages and is exported by nbgrader alone, one command after the other."""
    hand_in(released, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT)
    with open_gradebook(released) as gradebook:
        gradebook.update_or_create_student("ada", last_name='Okafor, "A"', first_name="Ada")
    for words in (["autograde", ASSIGNMENT], ["generate_feedback", ASSIGNMENT], ["export"]):
        done = nbgrader(released, *words)
        assert done.returncode == 0, done.stderr
    page = (released / "feedback" / "ada" / ASSIGNMENT / "one.html").read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in page] == []
    with (released / "grades.csv").open(newline="", encoding="utf-8") as file:
        [row] = list(csv.DictReader(file))
    assert (row["last_name"], row["score"], row["max_score"]) == ('Okafor, "A"', "3", "4")


def test_the_course_id_is_that_of_the_course() -> None:
    """nbgrader_config.py and authoring/course.toml name the same course."""
    config = load_config(REPOSITORY)
    assert config.CourseDirectory.course_id == load_course(REPOSITORY).course_id
    assert config.CourseDirectory.root == str(REPOSITORY)


def test_every_setting_of_the_configuration_exists() -> None:
    """A misspelled class or setting would be ignored in silence."""
    own = (SplitExecute, FeedbackExporter, RedactFeedback, Validator)
    known = {each.__name__: each for each in (*NbGraderApp().all_configurable_classes(), *own)}
    for section, settings in load_config(REPOSITORY).items():
        for setting in settings:
            assert setting in known[section].class_traits(config=True), f"{section}.{setting}"


def test_preparing_twice_changes_nothing() -> None:
    """The configuration is read again and again in one process; PATH does not grow."""
    environment = {"PATH": "/usr/bin:/bin"}
    prepare(environment)
    once = dict(environment)
    prepare(environment)
    assert environment == once
    assert environment["PATH"].endswith(":/usr/bin:/bin")
