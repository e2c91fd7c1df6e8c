"""Inviting, stopping and changing accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError

from madoguchi.kit import clock
from madoguchi.trust.api import Account, acting_for, change_account, deactivate_account, invite_staff
from madoguchi.trust.enums import AccountKind, Role
from madoguchi.trust.errors import InvitationError, OrganisationError, RefusedError
from madoguchi.trust.models import Invitation
from madoguchi.trust.services import (
    accept_invitation,
    find_invitation,
    reactivate_account,
    renew_invitation,
    reset_second_factor,
    withdraw_invitation,
)

from .people import PASSWORD, event_keys, events_of, make_account, make_staff

pytestmark = pytest.mark.database


@pytest.fixture
def administrator(odawara) -> Account:
    return make_staff("kanri", Role.ADMINISTRATOR)


def test_an_invitation_makes_an_account_that_nobody_can_sign_in_to_yet(administrator):
    invitation, token = invite_staff(actor=administrator, login="S.Yamada", name="山田 花子", role=Role.SECTION_STAFF)
    account = invitation.account
    assert account.login == "s.yamada"
    assert account.kind == AccountKind.STAFF
    assert not account.has_usable_password()
    assert [duty.role for duty in account.duties.all()] == [Role.SECTION_STAFF]
    assert token not in str(Invitation.objects.values())
    assert "trust.account.invited" in event_keys()


def test_the_link_sets_the_password_once(administrator):
    invitation, token = invite_staff(actor=administrator, login="yamada", name="山田")
    account = accept_invitation(token=token, password="ひとつめの とても長い合言葉")
    assert account.check_password("ひとつめの とても長い合言葉")
    with pytest.raises(InvitationError, match="新しいリンクを管理者に依頼"):
        accept_invitation(token=token, password="ふたつめの とても長い合言葉")
    account.refresh_from_db()
    assert account.check_password("ひとつめの とても長い合言葉")
    assert invitation.account_id == account.pk


def test_a_weak_password_leaves_the_link_unused(administrator):
    invitation, token = invite_staff(actor=administrator, login="yamada", name="山田")
    with pytest.raises(ValidationError):
        accept_invitation(token=token, password="password")
    assert find_invitation(token=token) == invitation
    assert not invitation.account.has_usable_password()


@pytest.mark.parametrize("days", [7, 8, 400])
def test_the_link_expires(administrator, days):
    _, token = invite_staff(actor=administrator, login="yamada", name="山田")
    with clock.frozen(clock.now() + timedelta(days=days, seconds=1)), pytest.raises(InvitationError):
        find_invitation(token=token)


def test_the_link_works_to_the_end_of_its_time(administrator):
    with clock.frozen(clock.now()):
        invitation, token = invite_staff(actor=administrator, login="yamada", name="山田")
    with clock.frozen(invitation.expires_at - timedelta(seconds=1)):
        assert find_invitation(token=token) == invitation


def test_a_new_link_makes_the_old_one_useless(administrator):
    invitation, first = invite_staff(actor=administrator, login="yamada", name="山田")
    _, second = renew_invitation(account=invitation.account, actor=administrator)
    with pytest.raises(InvitationError):
        find_invitation(token=first)
    assert find_invitation(token=second).account == invitation.account


def test_a_withdrawn_link_does_not_work(administrator):
    invitation, token = invite_staff(actor=administrator, login="yamada", name="山田")
    assert withdraw_invitation(account=invitation.account, actor=administrator) == 1
    with pytest.raises(InvitationError):
        find_invitation(token=token)


def test_a_link_of_another_city_is_unknown_here(administrator, oyama):
    _, token = invite_staff(actor=administrator, login="yamada", name="山田")
    with acting_for(oyama), pytest.raises(InvitationError):
        find_invitation(token=token)


@pytest.mark.parametrize("login", ["s/yamada", "yamada@example.jp", "山田", "", " ", "-yamada", "a" * 81])
def test_a_login_name_that_could_be_mistaken_is_refused(administrator, login):
    before = Account.objects.count()
    with pytest.raises(ValidationError):
        invite_staff(actor=administrator, login=login, name="山田")
    assert Account.objects.count() == before


def test_two_cities_may_have_the_same_login_name(odawara, oyama):
    here = make_account("sato")
    with acting_for(oyama):
        there = make_account("sato")
        assert authenticate(None, username="sato", password=PASSWORD) == there
    assert authenticate(None, username="sato", password=PASSWORD) == here


def test_only_an_administrator_invites_and_nothing_is_left_behind(odawara):
    chief = make_staff("kacho", Role.SECTION_CHIEF)
    before = event_keys()
    with pytest.raises(RefusedError, match="管理者だけ"):
        invite_staff(actor=chief, login="yamada", name="山田")
    assert not Account.objects.filter(login="yamada").exists()
    assert not Invitation.objects.exists()
    assert event_keys() == before


def test_a_stopped_account_cannot_sign_in_and_comes_back_with_its_password(administrator):
    account = make_account("sato")
    deactivate_account(account=account, actor=administrator)
    assert authenticate(None, username="sato", password=PASSWORD) is None
    reactivate_account(account=account, actor=administrator)
    assert authenticate(None, username="sato", password=PASSWORD) == account
    assert {"trust.account.deactivated", "trust.account.reactivated"} <= set(event_keys())


def test_stopping_an_account_withdraws_its_links(administrator):
    invitation, token = invite_staff(actor=administrator, login="yamada", name="山田")
    deactivate_account(account=invitation.account, actor=administrator)
    with pytest.raises(InvitationError):
        accept_invitation(token=token, password="とても長い合言葉です。本当です")
    with pytest.raises(InvitationError, match="停止中"):
        renew_invitation(account=invitation.account, actor=administrator)


def test_an_administrator_cannot_stop_the_own_account_so_one_is_always_left(administrator):
    with pytest.raises(RefusedError, match="ほかの管理者"):
        deactivate_account(account=administrator, actor=administrator)
    administrator.refresh_from_db()
    assert administrator.is_active


def test_a_change_is_written_without_what_was_changed(administrator):
    account = make_account("sato")
    change_account(account=account, actor=administrator, fields={"name": "佐藤 太郎", "email": "Sato@example.jp"})
    account.refresh_from_db()
    assert (account.name, account.email) == ("佐藤 太郎", "sato@example.jp")
    [event] = events_of("trust.account.changed")
    assert event.data == {"fields": ["email", "name"]}
    assert "佐藤" not in str(event.as_sealed())


def test_one_may_change_the_own_name_but_not_the_own_address_nor_others(odawara):
    sato, suzuki = make_account("sato"), make_account("suzuki")
    change_account(account=sato, actor=sato, fields={"name": "佐藤", "language": "en"})
    for account, fields in ((sato, {"email": "x@example.jp"}), (suzuki, {"name": "別人"})):
        with pytest.raises(RefusedError):
            change_account(account=account, actor=sato, fields=fields)
    sato.refresh_from_db()
    suzuki.refresh_from_db()
    assert (sato.name, sato.email, suzuki.name) == ("佐藤", "", "suzukiの氏名")


def test_resetting_the_second_factor_removes_every_authenticator(administrator):
    from allauth.mfa.models import Authenticator

    account = make_account("sato")
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=account, type=kind, data={})
    assert reset_second_factor(account=account, actor=administrator) == 2
    assert not Authenticator.objects.filter(user=account).exists()
    with pytest.raises(RefusedError):
        reset_second_factor(account=administrator, actor=account)


def test_no_event_carries_a_name_or_an_address(administrator):
    invitation, token = invite_staff(
        actor=administrator, login="yamada", name="山田 花子", email="hanako@example.jp", role=Role.AUDITOR
    )
    accept_invitation(token=token, password="とても長い合言葉です。本当です")
    deactivate_account(account=invitation.account, actor=administrator)
    from madoguchi.trust.models import Event

    everything = str([event.as_sealed() for event in Event.objects.all()])
    assert not any(word in everything for word in ("山田", "花子", "hanako", "yamada", token))


def test_the_last_administrator_by_duty_cannot_be_ended(administrator):
    from madoguchi.trust.api import end_duty

    [duty] = administrator.duties.all()
    with pytest.raises(OrganisationError, match="先に別の職員"):
        end_duty(duty=duty, to_date=clock.today(), actor=administrator)
    duty.refresh_from_db()
    assert duty.to_date is None
