"""Looking over the machine and the settings: what an operator sets, not what people enter."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.checks import ERROR, WARNING, run_checks
from django.utils.translation import gettext as _

from yangguang.journeys.operation.findings import Finding, fail, ok, warn
from yangguang.platform.instance import static_version

OLDEST_PYTHON = (3, 11)
#: free bytes below which one should look, and below which nothing may be trusted to be written
ROOM_WARN, ROOM_FAIL = 5_000_000_000, 1_000_000_000
#: files of the data folder that only their owner may read
PRIVATE = ("vault.keys", "secret-key", "setup-token")
#: settings that may come from a file
SECRETS = ("YG_SECRET_KEY", "YG_VAULT_KEYS", "YG_OUTBOX_URLS", "YG_METRICS_TOKEN")
LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "testserver"}
SECRET_LEAST = 50
#: what Django asks of servers without a proxy in front, or what is looked at below in words of our own
NOT_OURS = {"security.W008", "security.W009", "security.W012", "security.W016", "security.W018", "security.W020"}


def look_at_machine() -> Iterator[Finding]:
    """Look at Python, the disk and the data folder."""
    version = platform.python_version()
    says = _("Python %(version)s。") % {"version": version}
    old = tuple(map(int, platform.python_version_tuple()[:2])) < OLDEST_PYTHON
    yield fail("python", says, _("请安装 Python 3.11 或更新版本。")) if old else ok("python", says)
    data = Path(settings.DATA_DIR)
    if not data.is_dir():
        yield fail("data", _("数据目录 %(path)s 不存在。") % {"path": data}, _("请核对 YG_DATA。"))
        return
    yield _room(data)
    yield from _modes(data)


def _room(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    says = _("数据目录所在磁盘剩余 %(free)s GB。") % {"free": f"{free / 1e9:.1f}"}
    if free < ROOM_FAIL:
        return fail("disk", says, _("请立即清理或扩容：写满以后不能办件。"))
    return warn("disk", says, _("请清理或扩容。")) if free < ROOM_WARN else ok("disk", says)


def _modes(data: Path) -> Iterator[Finding]:
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        yield fail("data", _("数据目录 %(path)s 不可写。") % {"path": data}, _("请把它交给运行本系统的账户。"))
        return
    mode = data.stat().st_mode & 0o777
    facts = {"path": data, "mode": f"{mode:o}"}
    says = _("数据目录 %(path)s 的权限是 %(mode)s。") % facts
    yield warn("data", says, f"chmod 700 {data}") if mode & 0o077 else ok("data", says)
    given = (os.environ.get(f"{name}_FILE", "").strip() for name in SECRETS)
    files = [*(data / name for name in PRIVATE), *(Path(name) for name in given if name)]
    open_files = [path for path in files if path.exists() and path.stat().st_mode & 0o077]
    for path in open_files:
        yield fail("secrets", _("别人也能读 %(path)s。") % {"path": path}, f"chmod 600 {path}")
    if not open_files:
        yield ok("secrets", _("密钥只有所有者能读。"))


def look_at_settings() -> Iterator[Finding]:
    """Look at what makes a production server a safe one."""
    if settings.DEMO:
        yield warn(
            "demo", _("这是演示：登录不设防，时钟可拨动。"), _("真实办件请用 ./run --no-demo 在空目录另行启用。")
        )
    yield from _debug()
    yield _secret()
    yield from _reachable()
    yield _static()
    yield from _deployment()


def _debug() -> Iterator[Finding]:
    if settings.DEBUG:
        says = _("调试开着：出错时向访问者显示程序内情。")
        yield fail("debug", says, _("请去掉 YG_DEBUG。"))
    else:
        yield ok("debug", _("调试已关闭。"))


def _secret() -> Finding:
    key, remedy = settings.SECRET_KEY, _("请另生成一个：openssl rand -base64 48，放进 YG_SECRET_KEY_FILE 所指的文件。")
    if settings.DEMO:
        return ok("secret-key", _("演示用的签名密钥。"))
    if key == "for-demonstrations-and-tests-only":
        return fail("secret-key", _("用着演示的签名密钥，谁都能伪造登录。"), remedy)
    if len(key) < SECRET_LEAST:
        return fail("secret-key", _("签名密钥太短（%(n)s 个字符）。") % {"n": len(key)}, remedy)
    return ok("secret-key", _("签名密钥是本系统自己的。"))


def _reachable() -> Iterator[Finding]:
    hosts = set(settings.ALLOWED_HOSTS)
    away = hosts - LOCAL_HOSTS
    if "*" in hosts:
        yield fail("hosts", _("任何域名都被接受。"), _("请在 YG_ALLOWED_HOSTS 写明本站域名。"))
    elif not away and not settings.DEMO:
        yield warn("hosts", _("只认本机地址。"), _("请在 YG_ALLOWED_HOSTS 写明本站域名。"))
    else:
        yield ok("hosts", _("接受的域名：%(hosts)s。") % {"hosts": ", ".join(sorted(hosts))})
    if settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE:
        yield ok("https", _("登录凭证只经 HTTPS 传送。"))
    elif away:
        yield fail("https", _("登录凭证会经明文 HTTP 传送。"), _("请设 YG_HTTPS=1，并在前面放带证书的代理。"))
    else:
        yield warn("https", _("登录凭证可经明文 HTTP 传送。"), _("供他人访问以前请设 YG_HTTPS=1。"))


def _static() -> Finding:
    if settings.DEMO or settings.DEBUG:
        return ok("static", _("样式和脚本由程序直接提供。"))
    folder = Path(settings.STATIC_ROOT)
    stamp = folder.with_suffix(".version")
    if not (folder / "staticfiles.json").exists():
        return fail("static", _("样式和脚本尚未收集，页面打不开。"), "yangguang upgrade")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != static_version():
        return warn("static", _("样式和脚本是另一版本的。"), "yangguang upgrade")
    return ok("static", _("样式和脚本齐全。"))


def _deployment() -> Iterator[Finding]:
    """Ask Django itself (`check --deploy`)."""
    if settings.DEMO:
        return
    found = [one for one in run_checks(include_deployment_checks=True) if one.id not in NOT_OURS]
    for one in found:
        if one.level >= WARNING:
            make = fail if one.level >= ERROR else warn
            says, hint = str(one.msg).split(". ")[0].rstrip("."), one.hint or _("见 Django 的部署说明。")
            yield make(f"django.{one.id}", f"{says}.", str(hint))
    if not any(one.level >= WARNING for one in found):
        yield ok("django", _("Django 的部署检查没有意见。"))
