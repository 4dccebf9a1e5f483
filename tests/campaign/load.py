"""People at work through real HTTP: each write is sent again, under its key, until it is answered."""

from __future__ import annotations

import random
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable

import requests

#: what a visitor hears while something is down: worth sending again
PASSING = {409, 500, 502, 503, 504}


class Person:
    """Somebody with a session, who does not give up."""

    def __init__(self, url: str, username: str, stop: threading.Event) -> None:
        self.url, self.username, self.stop = url, username, stop
        self.session = requests.Session()
        self.answers: Counter[int] = Counter()

    def sign_in(self) -> None:
        """Enter by the page of demonstration logins."""
        said: requests.Response | None = None
        for _attempt in range(100):
            page = self.insist(lambda: self.session.get(f"{self.url}/accounts/demo/", timeout=20))
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
            data = {"username": self.username, "csrfmiddlewaretoken": token[1] if token else ""}
            try:
                said = self.session.post(f"{self.url}/accounts/demo/enter/", data, timeout=20, allow_redirects=False)
            except requests.RequestException:
                continue
            if "sessionid" in self.session.cookies:
                return
            time.sleep(0.3)
        raise AssertionError(f"{self.username} could not sign in: {said.status_code if said is not None else 'lost'}")

    def insist(self, send: Callable[[], requests.Response], *, again: bool = True) -> requests.Response:
        """Send until there is an answer that is not passing; lost connections and 5xx are sent again."""
        for _attempt in range(400):
            try:
                answer = send()
            except requests.RequestException:
                self.answers[0] += 1
            else:
                self.answers[answer.status_code] += 1
                running = answer.status_code == 409 and "still_running" in answer.text
                if answer.status_code < 500 and not running:
                    return answer
            time.sleep(0.3)
        raise AssertionError(f"{self.username} was never answered")

    def api(self, path: str, body: dict[str, object], key: str) -> requests.Response:
        """Write by the API under an Idempotency-Key."""
        return self.insist(lambda: self.session.post(
            f"{self.url}/api/v1{path}", json=body, timeout=20,
            headers={"Idempotency-Key": key, "X-CSRFToken": self.session.cookies.get("csrftoken", "")},
        ))  # fmt: skip

    def form(self, path: str, data: dict[str, str], *, twice: bool = False) -> requests.Response:
        """Open an act's page and send its form, sometimes twice at once; the answer is that of the last."""
        page = self.insist(lambda: self.session.get(self.url + path, timeout=20))
        carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        if page.status_code != 200 or "once" not in carried:
            return page

        def send() -> requests.Response:
            sent = {**carried, **data}
            return self.insist(lambda: self.session.post(self.url + path, sent, timeout=20, allow_redirects=False))

        if twice:
            other = threading.Thread(target=send)
            other.start()
            answer = send()
            other.join()
            return answer
        return send()


class Load:
    """Everybody's work, and what of it was acknowledged."""

    def __init__(self, url: str, duties: list[tuple[str, str]], seed: int) -> None:
        self.url, self.duties, self.seed = url, duties, seed
        self.stop = threading.Event()
        self.acknowledged: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.people: list[Person] = []
        self.threads: list[threading.Thread] = []

    def start(self) -> None:
        """Let everybody begin."""
        for work in (self._intake, self._report, self._report, self._read):
            k = len(self.threads)
            self.threads.append(threading.Thread(target=self._work, args=(work, k), daemon=True))
            self.threads[-1].start()

    def end(self) -> None:
        """Let everybody finish what he sent, and go home."""
        self.stop.set()
        for thread in self.threads:
            thread.join(200)
            if thread.is_alive():
                self.problems.append("somebody still waits for an answer")

    def _work(self, work: Callable[[random.Random, int], None], k: int) -> None:
        try:
            work(random.Random(self.seed * 100 + k), k)
        except Exception as problem:  # noqa: BLE001 - a fault of the site or of the campaign: both are told
            self.problems.append(f"{work.__name__}: {problem!r}"[:400])

    def _person(self, name: str) -> Person:
        person = Person(self.url, name, self.stop)
        person.sign_in()
        self.people.append(person)
        return person

    def _intake(self, draw: random.Random, k: int) -> None:
        clerk = self._person("duchashi")
        while not self.stop.is_set():
            mark = f"C{uuid.UUID(int=draw.getrandbits(128)).hex[:12]}"
            text = f"关于{mark}的通知\n\n序号|工作任务|牵头单位|完成时限\n1|办理{mark}|省财政厅|2026年11月30日前\n"
            self.asked.append(("notice", mark))
            answer = clerk.api("/notices", {"text": text, "name": f"{mark}.txt"}, mark)
            if answer.status_code in (200, 201):
                self.acknowledged.append(("notice", mark))
            else:
                self.problems.append(f"notice {answer.status_code} {answer.text[:200]}")

    def _report(self, draw: random.Random, k: int) -> None:
        handler, clerk = self._person("caizheng"), self._person("duchashi")
        mine = self.duties[k % 2 :: 2]
        while not self.stop.is_set():
            number, _owner = draw.choice(mine)
            mark, percent = f"R{uuid.UUID(int=draw.getrandbits(128)).hex[:12]}", draw.randrange(10, 90)
            self.asked.append(("report", mark))
            if draw.random() < 0.5:
                answer = handler.api(f"/duties/{number}/reports", {"text": mark, "percent": percent}, mark)
                done = answer.status_code == 201
            else:
                fields = {"text": mark, "percent": str(percent)}
                answer = handler.form(f"/desk/duties/{number}/report/", fields, twice=draw.random() < 0.5)
                done = answer.status_code == 302
            if done:
                self.acknowledged.append(("report", mark))
                review = {"outcome": "accepted_stage", "opinion": f"V{mark}"}
                said = clerk.form(f"/desk/duties/{number}/review/", review)
                if said.status_code != 302:
                    self.problems.append(f"review {said.status_code} {_gist(said.text)}")
            elif answer.status_code not in (409, 403):
                self.problems.append(f"report {answer.status_code} {_gist(answer.text)}")

    def _read(self, draw: random.Random, k: int) -> None:
        reader = Person(self.url, "", self.stop)
        self.people.append(reader)
        while not self.stop.is_set():
            path = draw.choice(["/", "/watch/duties/", "/watch/lights/", "/api/v1/cards"])
            reader.insist(lambda path=path: reader.session.get(self.url + path, timeout=20))
            time.sleep(0.2)


def _gist(page: str) -> str:
    main = page.partition("<main")[2] or page
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())[:300]
