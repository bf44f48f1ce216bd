"""The comment of a pull request: one, edited in place, whoever else writes there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from parity.errors import ParityError
from parity.github import Comments, Posted, PullRequest, token_of
from tests.github import NUMBER, REPOSITORY, TOKEN, Api, github

MARK = "<!-- parity -->"


@pytest.fixture
def api() -> Iterator[Api]:
    with github() as started:
        yield started


def put(api: Api, text: str, *, dry: bool = False) -> Posted:
    """Has the pull request show a text."""
    return Comments(PullRequest.of("17", api.env), TOKEN).put(f"{MARK}\n{text}", MARK, dry=dry)


def refused(api: Api, text: str = "it differs") -> str:
    """What is said where it cannot be done."""
    with pytest.raises(ParityError) as caught:
        put(api, text)
    assert TOKEN not in str(caught.value)
    return str(caught.value)


def test_the_second_build_edits_what_the_first_has_written(api: Api) -> None:
    assert put(api, "it differs").done == "written"
    assert put(api, "it matches").done == "edited"
    assert api.bodies() == [f"{MARK}\nit matches"]


def test_what_stands_there_already_is_not_written_again(api: Api) -> None:
    put(api, "it differs")
    api.comments[0]["body"] = api.comments[0]["body"].replace("\n", "\r\n")
    assert put(api, "it differs").done == "unchanged"
    assert [one.partition(" ")[0] for one in api.asked].count("PATCH") == 0


def test_a_comment_on_a_later_page_is_found(api: Api) -> None:
    for number in range(7):
        api.add(f"talk {number}", "ann", "User")
    ours = api.add(f"{MARK}\nof an earlier build")
    api.add("more talk", "bob", "User")
    told = put(api, "it matches")
    assert (told.done, len(api.comments)) == ("edited", 9)
    assert told.url.endswith(f"-{ours}")
    assert api.bodies()[7] == f"{MARK}\nit matches"


def test_what_others_wrote_is_left_alone_even_with_our_mark(api: Api) -> None:
    api.add(f"{MARK}\n### all is well", "mallory", "User")
    assert put(api, "it differs").done == "written"
    assert api.bodies() == [f"{MARK}\n### all is well", f"{MARK}\nit differs"]


def test_a_person_with_a_token_of_their_own_edits_their_own(api: Api) -> None:
    api.login = "ann"
    api.add(f"{MARK}\nof the build")
    assert put(api, "it differs").done == "written"
    assert put(api, "it matches").done == "edited"
    assert api.bodies() == [f"{MARK}\nof the build", f"{MARK}\nit matches"]


def test_of_two_builds_at_once_one_comment_stays(api: Api) -> None:
    def other(api: Api) -> None:
        api.before_writing = lambda api: None
        api.add(f"{MARK}\nof the other build")

    api.before_writing = other
    told = put(api, "it matches")
    assert (told.done, told.removed) == ("written", 1)
    assert api.bodies() == [f"{MARK}\nit matches"]


def test_doubles_of_before_are_removed(api: Api) -> None:
    for text in ("one", "two", "three"):
        api.add(f"{MARK}\n{text}")
    assert put(api, "it matches").removed == 2
    assert api.bodies() == [f"{MARK}\nit matches"]


def test_a_dry_run_looks_and_writes_nothing(api: Api) -> None:
    assert put(api, "it differs", dry=True).done == "written"
    api.add(f"{MARK}\nof before")
    api.add(f"{MARK}\ntwice")
    assert put(api, "it differs", dry=True) == Posted("edited", api.comments[0]["html_url"])
    assert {one.partition(" ")[0] for one in api.asked} == {"GET"}


def test_what_fails_for_a_while_is_asked_again_but_never_written_twice(api: Api) -> None:
    away = (502, {}, {"message": "Server Error"})
    api.answers = [away, (200, {}, [])]
    assert put(api, "it differs").done == "written"
    api.comments.clear()
    api.answers = [(200, {}, []), away]
    assert "the answer was 502: Server Error" in refused(api)
    assert api.comments == []


@pytest.mark.parametrize(
    ("status", "headers", "cure"),
    [
        (403, {}, "pull-requests: write"),
        (403, {"X-RateLimit-Remaining": "0"}, "patience"),
        (404, {}, "owner, name and number"),
        (422, {}, "--md FILE"),
    ],
)
def test_each_refusal_says_its_cure(
    api: Api, status: int, headers: dict[str, str], cure: str
) -> None:
    api.answers = [(200, {}, []), (status, headers, {"message": f"no, {TOKEN}"})]
    told = refused(api)
    assert f"the comment of {REPOSITORY}#{NUMBER} cannot be written" in told
    assert f"the answer was {status}: no, …" in told
    assert cure in told.partition("hint:")[2]


def test_a_token_that_is_not_accepted_is_said(api: Api) -> None:
    with pytest.raises(ParityError, match="Bad credentials"):
        Comments(PullRequest.of("17", api.env), "other").put(MARK, MARK)


def test_what_is_no_api_is_said(api: Api) -> None:
    api.answers = [(200, {}, {"page": "of a login"})]
    assert "does not answer as GitHub's API does" in refused(api)


def test_a_token_does_not_follow_pages_to_another_host(api: Api) -> None:
    for number in range(4):
        api.add(f"talk {number}")
    api.elsewhere = "http://127.0.0.2:1"
    assert "its next page is elsewhere, at 127.0.0.2:1" in refused(api)


def test_a_host_that_is_not_there_is_said() -> None:
    env = {"GITHUB_API_URL": "http://127.0.0.1:9", "GITHUB_REPOSITORY": REPOSITORY}
    with pytest.raises(ParityError, match="cannot be written") as caught:
        Comments(PullRequest.of("17", env), TOKEN).put(MARK, MARK)
    assert "127.0.0.1:9 cannot be reached" in str(caught.value)


def test_a_token_is_sent_to_nobody_in_the_open() -> None:
    with pytest.raises(ParityError, match="no address to send a token to"):
        PullRequest.of("a/b#1", {"GITHUB_API_URL": "http://example.com"})


def test_a_pull_request_is_named_in_three_ways(tmp_path: Path) -> None:
    env = {"GITHUB_REPOSITORY": "a/b", "GITHUB_REF": "refs/pull/5/merge"}
    assert PullRequest.of("7", env).name == "a/b#7"
    assert PullRequest.of("c/d#8", env).name == "c/d#8"
    assert PullRequest.of("build", env).name == "a/b#5"
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 6}}))
    assert PullRequest.of("build", {**env, "GITHUB_EVENT_PATH": str(event)}).name == "a/b#6"
    for wrong, given in (("main", env), ("7", {}), ("build", {"GITHUB_REF": "refs/heads/main"})):
        with pytest.raises(ParityError):
            PullRequest.of(wrong, given)


def test_without_a_token_nothing_is_asked() -> None:
    assert token_of({"GITHUB_TOKEN": "b", "GH_TOKEN": "a"}) == "a"
    with pytest.raises(ParityError, match="nothing may be written") as caught:
        Comments(PullRequest.of("a/b#1", {}), token_of({}))
    assert "pull-requests: write" in str(caught.value)
