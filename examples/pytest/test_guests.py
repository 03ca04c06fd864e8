"""A suite whose tests run side by side in one emulator: `genesys-emulator exec -- pytest -n 8`."""

import urllib.error

import pytest
from guests import Guests


@pytest.fixture
def guests(org):
    """The code under test; where it would wait, the org's time passes instead."""
    return Guests(org.url, org.client, sleep=lambda seconds: org.advance(f"{seconds}s"))


def limited(org, **more):
    """A limit on guests, which the verification wants to see bite."""
    effect = {"respond": {"code": "too.many.requests.retry.after", "retryAfter": "5s"}}
    return org.fault(when={"path": "/api/v2/webchat/guest"}, effect=effect, **more)


@pytest.mark.parametrize("n", range(194))
def test_many_guests_do_not_meet(org, guests, n):
    for name in (f"Ann {n}", f"Bob {n}"):
        guests.create(name)
    asked = [entry["target"] for entry in org.journal()]
    assert asked == ["/oauth/token", "/api/v2/webchat/guest", "/api/v2/webchat/guest"]


def test_a_limit_is_waited_out(org, guests):
    limited(org, schedule={"first": 2})
    guests.create("Ann")
    statuses = [entry["status"] for entry in org.journal(target="/api/v2/webchat/guest")]
    assert statuses == [429, 429, 200]


def test_a_limit_that_stays_is_told(org, guests):
    limited(org)
    with pytest.raises(urllib.error.HTTPError, match="429"):
        guests.create("Ann")


def test_a_token_that_has_expired_is_renewed_once(org, guests):
    guests.create("Ann")
    org.advance("25h")
    guests.create("Bob")
    org.verify({"match": {"path": "/oauth/token"}, "times": 2})


def test_a_token_that_was_revoked_is_renewed_once(org, guests):
    guests.create("Ann")
    org.fault(
        when={"path": "/api/v2/webchat/guest"},
        schedule={"first": 1},
        effect={"respond": {"code": "bad.credentials", "status": 401}},
    )
    guests.create("Bob")
    assert len(org.journal(target="/oauth/token")) == 2


def test_a_missing_permission_is_told_at_once(org, guests):
    org.fault(effect={"deny_permission": {"permission": "webchat:guest:edit"}})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        guests.create("Ann")
    assert len(org.journal(target="/api/v2/webchat/guest")) == 1


def test_the_code_under_test_finds_its_org_by_its_client_alone(org, emulator):
    base_url = emulator.admin_url.removesuffix("/__admin")
    Guests(base_url, org.client).create("Ann")
    assert len(org.journal()) == 2
