"""The marking page's server: on this machine only, for whoever has the token, with nothing loaded from elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from cnn_course.marking.answers import Group, count_waiting, read_groups, with_present_marks
from cnn_course.marking.marks import Step, take_back, write_mark
from cnn_course.marking.questions import WrittenQuestion, written_questions
from cnn_course.reporting.settle import settle
from splitgrade.feedback.markdown import safe_markdown
from splitgrade.nbgrader.course_folders import CourseFolders

PAGE = Path(__file__).with_name("page")
MAX_COMMENT = 10_000
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HOSTS = ("127.0.0.1", "localhost", "[::1]")


class MarkingPage:
    """One assignment being marked.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment : str
        Which assignment.
    gradebook : nbgrader.api.Gradebook
        An open gradebook; used by one thread only.
    token : str, optional
        What a browser must bring; drawn by default.
    """

    def __init__(self, root: Path, assignment: str, gradebook: Gradebook, token: str | None = None) -> None:
        self._root, self._assignment, self._gradebook = root, assignment, gradebook
        self.token = token or secrets.token_urlsafe(24)
        # Cookies of one address are shared by all its ports: each server has one of its own.
        self._cookie = f"marking-{hashlib.sha256(self.token.encode()).hexdigest()[:12]}"
        self._source = CourseFolders.at(root).source / assignment
        self._questions: dict[str, WrittenQuestion] = written_questions(self._source)
        self._steps: dict[str, list[Step]] = {}  # by marker: everybody takes back what is his own
        self._read: dict[str, dict[str, Group]] = {}  # by question and group: what was read of the class, once
        self._shown: dict[tuple[str, str], Group] = {}  # by marker and group: what a marker has seen

    def app(self) -> Starlette:
        """Return the application."""
        guard = self._guarded
        return Starlette(
            routes=[
                Route("/", self._page),
                Route("/page.js", _file("page.js", "text/javascript")),
                Route("/page.css", _file("page.css", "text/css")),
                Route("/api/questions", guard(self._list)),
                Route("/api/groups/{question:str}", guard(self._groups)),
                Route("/api/answer/{question:str}/{key:str}", guard(self._answer)),
                Route("/api/mark", guard(self._mark), methods=["POST"]),
                Route("/api/undo", guard(self._undo), methods=["POST"]),
            ]
        )

    async def _page(self, request: Request) -> Response:
        """Give the page, and the cookie for the token in the address."""
        if not _is_local(request):
            return PlainTextResponse("only on this machine", status_code=403)
        if "token" in request.query_params:
            if not self._is_token(request.query_params["token"]):
                return PlainTextResponse("the token is wrong: use the address that `cnn-course mark` printed", 403)
            response: Response = RedirectResponse("/", status_code=303)
            response.set_cookie(self._cookie, self.token, httponly=True, samesite="strict")
            return response
        if not self._knows(request):
            return PlainTextResponse("use the address that `cnn-course mark` printed: it holds a token", 403)
        return _secured(HTMLResponse((PAGE / "page.html").read_text(encoding="utf-8")))

    def _guarded(self, handler: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
        """Return a handler that answers only a browser with the token, asked by this page."""

        async def answer(request: Request) -> Response:
            if not (_is_local(request) and self._knows(request)):
                return JSONResponse({"error": "not allowed: use the address that `cnn-course mark` printed"}, 403)
            if request.method == "POST" and not _is_own(request):
                return JSONResponse({"error": "not allowed from another page"}, 403)
            try:
                return _secured(JSONResponse(await handler(request)))
            except KeyError as error:
                return JSONResponse({"error": f"there is no {error}"}, 404)
            except (ValueError, TypeError) as error:
                return JSONResponse({"error": str(error)}, 400)
            finally:
                self._gradebook.db.rollback()  # what was read must not hold a lock, or hide what others write

        return answer

    def _knows(self, request: Request) -> bool:
        return self._is_token(request.cookies.get(self._cookie, ""))

    def _is_token(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(), self.token.encode())  # as bytes: texts have to be ASCII there

    async def _list(self, _: Request) -> Any:
        """Return the questions with what waits."""
        counts = count_waiting(self._gradebook, self._root, self._assignment)
        found = [
            {"name": name, "notebook": question.notebook, "waiting": counts[name][0], "all": counts[name][1]}
            for name, question in self._questions.items()
            if name in counts
        ]
        return {"assignment": self._assignment, "questions": found}

    async def _groups(self, request: Request) -> Any:
        """Return a question: prompt, rubric, and its groups without their texts."""
        name = request.path_params["question"]
        question = self._questions[name]
        groups = read_groups(self._gradebook, self._root, self._assignment, name)
        self._read[name] = {each.key: each for each in groups}
        return {
            "prompt": safe_markdown(question.prompt, self._source),
            "model": safe_markdown(question.model, self._source),
            "rubric": [{"points": line.points, "text": line.text} for line in question.rubric],
            "most": groups[0].answers[0].most if groups else 0,
            "groups": [{"key": each.key, "size": len(each.answers), "waiting": each.waiting} for each in groups],
        }

    async def _answer(self, request: Request) -> Any:
        """Return one group, and remember what this marker has seen of it."""
        name, key = request.path_params["question"], request.path_params["key"]
        known = self._read.get(name, {}).get(key)
        group = None if known is None else with_present_marks(self._gradebook, known)
        if group is None:
            groups = read_groups(self._gradebook, self._root, self._assignment, name)
            self._read[name] = {each.key: each for each in groups}
            group = self._read[name][key]
        self._shown[_marker(request), f"{name}/{key}"] = group
        first = group.answers[0]
        scores = {each.mark.score for each in group.answers}
        shown = safe_markdown(first.text, self._source, dict(first.attachments))
        one = len(scores) == 1 and not group.waiting
        return {
            "html": shown,
            "size": len(group.answers),
            "waiting": group.waiting,
            "score": first.mark.score if one else None,
            "comment": first.mark.comment,
            "mixed": len(scores) > 1,
        }

    async def _mark(self, request: Request) -> Any:
        """Mark a group as this marker has seen it."""
        said = await request.json()
        marker, shown = _marker(request), f"{said['question']}/{said['key']}"
        score, comment = said["score"], said.get("comment", "")
        if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
            raise ValueError(f"a score is a number; found {score!r}")
        if not isinstance(comment, str) or len(comment) > MAX_COMMENT:
            raise ValueError(f"a comment is text of at most {MAX_COMMENT} characters")
        group = self._shown[marker, shown]
        done = write_mark(self._gradebook, group.answers, float(score), comment)
        self._settle()
        if done.step.before:
            self._steps.setdefault(marker, []).append(done.step)
        return {"marked": len(done.step.before), "conflicts": done.conflicts}

    def _settle(self) -> None:
        """Bring what decisions make of marks (a share taken off, full marks) up to date."""
        settle(self._gradebook.db, self._root, self._assignment)
        self._gradebook.db.commit()

    async def _undo(self, request: Request) -> Any:
        """Take this marker's last step back."""
        steps = self._steps.get(_marker(request), [])
        if not steps:
            return {"undone": 0, "conflicts": 0}
        step = steps.pop()
        kept = take_back(self._gradebook, step)
        self._settle()
        return {"undone": len(step.before) - kept, "conflicts": kept}


def _marker(request: Request) -> str:
    """Return which window of which marker asks."""
    return request.headers.get("x-marker", "")[:64]


def _is_local(request: Request) -> bool:
    """Say whether the address is this machine's own: a name that leads here from elsewhere is refused."""
    return request.headers.get("host", "").rsplit(":", 1)[0] in _HOSTS


def _is_own(request: Request) -> bool:
    """Say whether a change is asked for by the page itself."""
    origin = request.headers.get("origin")
    kind = request.headers.get("content-type", "").partition(";")[0]
    return kind == "application/json" and origin in (None, f"http://{request.headers.get('host')}")


def _file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    """Return a handler for one of the page's own files."""

    async def give(_: Request) -> Response:
        return _secured(Response((PAGE / name).read_bytes(), media_type=kind))

    return give


def _secured(response: Response) -> Response:
    """Add what keeps a browser from loading, framing or guessing."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
