"""The logins of the demonstration, for the start's last words and for tests."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from yangguang.demo.vocabulary import PASSWORD
from yangguang.kernel.accounts.queries import demo_accounts, officer_of
from yangguang.platform.now import today


@dataclass(frozen=True, slots=True)
class Login:
    """A login anyone may try: its name, what its holder is, the password that all share."""

    username: str
    post: str
    roles: tuple[str, ...]
    password: str = PASSWORD

    def as_json(self) -> dict[str, object]:
        """Return it as JSON writes it."""
        return asdict(self)


def demo_logins() -> list[Login]:
    """Return the logins by name; none on an instance that is no demonstration."""
    found = []
    for account in demo_accounts():
        officer = officer_of(account, today())
        post = f"{officer.post.unit.name} {officer.post.name}" if officer else "公众"
        roles = tuple(role.code for role in officer.post.roles.order_by("code")) if officer else ("citizen",)
        found.append(Login(account.username, post, roles))
    return found
