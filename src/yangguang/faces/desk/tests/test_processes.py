"""Pages about processes: the list, a version with its findings on the drawing, a file checked and not kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.processes.layout import lay_out
from yangguang.kernel.processes.models import ProcessVersion
from yangguang.kernel.processes.tests.test_dmn import DMN
from yangguang.kernel.processes.tests.world import bpmn
from yangguang.platform import i18n

i18n.compile()  # Django reads the compiled words only
LOCKED = bpmn(
    "startEvent s\nexclusiveGateway g default=g_a\nuserTask a name=甲\nuserTask b name=乙\n"
    "parallelGateway j\nendEvent e",
    "s g\ng a\ng b x == 1\na j\nb j\nj e",
)
TABLE = (
    f'<definitions xmlns="{DMN}"><decision id="d" name="裁量基准"><decisionTable hitPolicy="UNIQUE">'
    '<input label="金额"><inputExpression><text>金额</text></inputExpression></input><output name="罚款"/>'
    "<rule><inputEntry><text>&lt;= 1000</text></inputEntry><outputEntry><text>100</text></outputEntry></rule>"
    "<rule><inputEntry><text>[1000..5000)</text></inputEntry><outputEntry><text>300</text></outputEntry></rule>"
    "</decisionTable></decision></definitions>"
).encode()
CHECK = "/desk/processes/check/"


@pytest.fixture
def publisher(world, monkeypatch):
    """The supervising office's officer, with the capability to publish processes."""
    role = world.office.post.roles.first()
    role.capabilities = [*role.capabilities, "processes.publish"]
    role.save()
    return world.client(world.office)


def text(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def checked(client, content, path=CHECK):
    return client.post(path, {"file": SimpleUploadedFile("file.bpmn", content)})


def test_officers_see_the_processes_and_the_public_signs_in(world):
    for path in ("/desk/processes/", "/desk/processes/duty/1/"):
        assert Client().get(path).status_code == 302
        for prefix in ("", "/en"):
            html = text(world.client(world.office), prefix + path)
            assert html.count("<h1") == 1
            assert " style=" not in html
            assert "<script>" not in html


def test_the_list_is_searched_and_narrowed(world):
    client = world.client(world.office)
    every = text(client, "/desk/processes/?view=all")
    assert "/desk/processes/duty/1/" in every
    assert "/desk/processes/duty-collective/1/" in every
    assert "/desk/processes/duty/1/" not in text(client, "/desk/processes/?q=collective")
    assert "/desk/processes/duty/1/" not in text(client, "/desk/processes/?verdict=unsound")
    assert "/desk/processes/duty/1/" in text(client, "/desk/processes/?verdict=sound&q=duty")


def test_a_version_shows_drawing_hash_and_verdict(world):
    html = text(world.client(world.office), "/desk/processes/duty/1/")
    version = ProcessVersion.objects.get(key="duty", version=1)
    assert version.sha256 in html
    assert 'data-node="decompose"' in html
    assert "健全" in html
    assert world.client(world.office).get("/desk/processes/duty/99/").status_code == 404


def test_a_published_file_that_a_stricter_check_refuses_is_shown_with_its_counter_example(world):
    version = ProcessVersion.objects.get(key="duty", version=1)
    net = {"key": "p", "sha256": "0" * 64, "places": []}
    xml = lay_out(LOCKED)
    ProcessVersion.objects.create(
        key="p", version=1, xml=xml, sha256="0" * 64, net=net, published_at=version.published_at
    )
    client = world.client(world.office)
    html = text(client, "/desk/processes/p/1/")
    assert "再也走不动" in html
    assert 'data-stuck="a_j"' in html
    assert "/desk/processes/p/1/" in text(client, "/desk/processes/?verdict=unsound")


def test_only_who_may_publish_checks_files(world):
    assert Client().get(CHECK).status_code == 302
    assert world.client(world.office).get(CHECK).status_code == 403
    assert checked(world.client(world.office), LOCKED).status_code == 403


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_file_is_checked_on_its_drawing_and_not_kept(publisher, prefix):
    before = (ProcessVersion.objects.count(), Entry.objects.count())
    answer = checked(publisher, LOCKED, prefix + CHECK)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "yg-bpmn-trail" in html
    assert 'data-stuck="a_j"' in html
    assert ("standstill" if prefix else "再也走不动") in html
    assert (ProcessVersion.objects.count(), Entry.objects.count()) == before


def test_a_decision_table_is_shown_with_its_overlaps_and_gaps(publisher):
    html = checked(publisher, TABLE).content.decode()
    assert "规则 1、2 重叠：金额＝1000" in html
    assert "没有规则覆盖：金额＝5000" in html
    assert "[1000..5000)" in html


@pytest.mark.parametrize(
    "content",
    [b"", b"not xml", b"<a/>", bpmn("scriptTask s", ""), TABLE.replace(b"UNIQUE", b"NEVER"), b"<!DOCTYPE a><a/>",
     bpmn("startEvent s\ncallActivity c calledElement=nowhere\nendEvent e", "s c\nc e")],
)  # fmt: skip
def test_what_cannot_be_read_is_told_and_breaks_nothing(publisher, content):
    assert checked(publisher, content).status_code == 422
