"""Pages about the staff for administrators: list, invitation, duties, and what keeps somebody out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import clock, fiscal
from madoguchi.kit.numbers import plain_integer

from .. import services
from ..enums import AccountKind, Role
from ..errors import InvitationError, OrganisationError
from ..events import event_types
from ..forms import DutyForm, EndDutyForm, InvitationForm, StaffForm
from ..models import Account, Duty, Event, Invitation
from ..permissions import account_of, account_policy, duty_policy, permission_required
from ..selectors import has_second_factor, sessions_of, sign_in_locks, unit_tree

PER_PAGE = 50
STATES = {
    "active": gettext_lazy("利用中"),
    "invited": gettext_lazy("招待中（未設定）"),
    "locked": gettext_lazy("サインイン制限中"),
    "inactive": gettext_lazy("停止中"),
}


@require_safe
@permission_required(account_policy, "view")
def staff(request: HttpRequest) -> HttpResponse:
    """List the staff: search by name or login name (``q``), filter by ``unit``, ``role`` and ``state``, in pages."""
    asked = {key: request.GET.get(key, "").strip() for key in ("q", "unit", "role", "state")}
    locked = {lock.account.pk for lock in sign_in_locks() if lock.account}
    page = Paginator(_found(asked, locked), PER_PAGE).get_page(request.GET.get("page"))
    people = list(page.object_list)
    duties = _duties_of(people)
    context = {
        "asked": asked,
        "page": page,
        "people": [_person(account, locked, duties) for account in people],
        "units": [(node.unit.pk, "　" * node.depth + node.unit.name) for node in unit_tree(_this_year())],
        "roles": Role.choices,
        "states": list(STATES.items()),
        "filtered": any(asked.values()),
        "may_invite": account_policy.allows(account_of(request), "invite"),
    }
    return render(request, "trust/staff.html", context)


@require_safe
@permission_required(account_policy, "view")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a member of staff: duties, how the person signs in, what was done to the account."""
    account = _staff_or_404(pk)
    locked = {lock.account.pk: lock for lock in sign_in_locks() if lock.account}
    link = Invitation.objects.filter(account=account, used_at=None, withdrawn_at=None).first()
    context = {
        "person": account,
        "state": _state(account, set(locked)),
        "lock": locked.get(account.pk),
        "link": link,
        "link_works": link is not None and link.expires_at > clock.now(),
        "duties": account.duties.select_related("unit").order_by("-from_date"),
        "has_second_factor": has_second_factor(account),
        "session_count": len(sessions_of(account)),
        "events": [_line(event) for event in _events_about(account)[:20]],
        "actions": account_policy.actions_for(account_of(request), account),
        "may_assign": duty_policy.allows(account_of(request), "assign", account),
        "today": clock.today(),
    }
    return render(request, "trust/person.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(account_policy, "invite")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a member of staff; the one-time link is shown once, and mailed where an address is given."""
    form = InvitationForm(request.POST or None, fiscal_year=_this_year())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        fields = {key: data[key] for key in ("login", "name", "name_kana", "email", "unit", "from_date")}
        made = _try(form, lambda: services.invite_staff(actor=_actor(request), role=Role(data["role"]), **fields))
        if made is not None:
            return _show_link(request, *made)
    return render(request, "trust/invite.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(account_policy, "change")
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the name, reading or address of a member of staff."""
    account = _staff_or_404(pk)
    initial = {"name": account.name, "name_kana": account.name_kana, "email": account.email}
    form = StaffForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        if _try(form, lambda: services.change_account(account=account, actor=_actor(request), fields=fields)):
            messages.success(request, _("変更しました。"))
            return redirect("organisation:person", pk=pk)
    return render(request, "trust/person_form.html", {"form": form, "person": account})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(duty_policy, "assign")
def assign_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member of staff a role at a unit for a period."""
    account = _staff_or_404(pk)
    form = DutyForm(request.POST or None, fiscal_year=_this_year())
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        duty = _try(form, lambda: services.assign_duty(account=account, actor=_actor(request), **fields))
        if duty is not None:
            messages.success(request, _("職務「%(duty)s」を割り当てました。") % {"duty": duty})
            return redirect("organisation:person", pk=pk)
    return render(request, "trust/duty_form.html", {"form": form, "person": account})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(duty_policy, "end")
def end_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a duty end on a day."""
    duty = get_object_or_404(Duty.objects.select_related("account", "unit"), pk=pk)
    form = EndDutyForm(request.POST or None, initial={"to_date": max(clock.today(), duty.from_date)})
    if request.method == "POST" and form.is_valid():
        to_date = form.cleaned_data["to_date"]
        if _try(form, lambda: services.end_duty(duty=duty, to_date=to_date, actor=_actor(request))):
            messages.success(request, _("職務「%(duty)s」の終了日を登録しました。") % {"duty": duty})
            return redirect("organisation:person", pk=duty.account_id)
    return render(request, "trust/duty_end.html", {"form": form, "duty": duty, "person": duty.account})


@dataclass(frozen=True, slots=True)
class _Action:
    """Something an administrator does to an account after a question."""

    policy_action: str
    title: Any
    question: Any
    button: Any
    done: Any
    do: Callable[[Account, Account], Any]
    danger: bool = False


ACTIONS = {
    "deactivate": _Action(
        "deactivate",
        gettext_lazy("アカウントの停止"),
        gettext_lazy("停止すると、すべての端末からサインアウトされ、サインインできなくなります。記録は残ります。"),
        gettext_lazy("停止する"),
        gettext_lazy("アカウントを停止しました。"),
        lambda account, actor: services.deactivate_account(account=account, actor=actor),
        danger=True,
    ),
    "reactivate": _Action(
        "reactivate",
        gettext_lazy("アカウントの再開"),
        gettext_lazy("再開すると、以前のパスワードと認証方法でサインインできるようになります。"),
        gettext_lazy("再開する"),
        gettext_lazy("アカウントを再開しました。"),
        lambda account, actor: services.reactivate_account(account=account, actor=actor),
    ),
    "unlock": _Action(
        "unlock",
        gettext_lazy("サインインの制限の解除"),
        gettext_lazy("ご本人からの連絡であることを確かめてから、解除してください。"),
        gettext_lazy("解除する"),
        gettext_lazy("サインインの制限を解除しました。"),
        lambda account, actor: services.unlock(account=account, actor=actor),
    ),
    "second-factor": _Action(
        "reset",
        gettext_lazy("認証方法の削除"),
        gettext_lazy(
            "パスキー、認証アプリ、復旧コードをすべて削除し、サインアウトさせます。次のサインインで登録し直します。"
        ),
        gettext_lazy("すべて削除する"),
        gettext_lazy("認証方法を削除しました。"),
        lambda account, actor: services.reset_second_factor(account=account, actor=actor),
        danger=True,
    ),
    "withdraw": _Action(
        "reset",
        gettext_lazy("リンクの取り消し"),
        gettext_lazy("発行済みのリンクを使えなくします。"),
        gettext_lazy("取り消す"),
        gettext_lazy("リンクを取り消しました。"),
        lambda account, actor: services.withdraw_invitation(account=account, actor=actor),
    ),
    "sessions": _Action(
        "end_sessions",
        gettext_lazy("サインアウト"),
        gettext_lazy("この職員を、すべての端末からサインアウトさせます。入力中の内容は失われます。"),
        gettext_lazy("サインアウトさせる"),
        gettext_lazy("すべての端末からサインアウトさせました。"),
        lambda account, actor: services.sign_out_everywhere(account=account, actor=actor),
        danger=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(account_policy, "view")
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Ask, then do one of ``ACTIONS`` to an account."""
    account, chosen = _staff_or_404(pk), ACTIONS.get(action)
    if chosen is None:
        raise Http404
    account_policy.require(account_of(request), chosen.policy_action, account)
    if request.method == "POST":
        chosen.do(account, _actor(request))
        messages.success(request, chosen.done)
        return redirect("organisation:person", pk=pk)
    return render(request, "trust/person_action.html", {"person": account, "action": chosen})


@never_cache
@require_POST
@permission_required(account_policy, "view")
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a new one-time link and show it once."""
    account = _staff_or_404(pk)
    try:
        return _show_link(request, *services.renew_invitation(account=account, actor=_actor(request)))
    except InvitationError as error:
        messages.error(request, str(error))
        return redirect("organisation:person", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(account_policy, "unlock")
def locks(request: HttpRequest) -> HttpResponse:
    """List the accounts and addresses that have to wait; POST with ``account`` or ``address`` lets one in again."""
    if request.method == "POST":
        asked = plain_integer(request.POST.get("account", ""))
        account = None if asked is None else get_object_or_404(Account, pk=asked)
        address = request.POST.get("address") or None
        if account is None and address is None:
            messages.error(request, _("どの制限を解除するかが届いていません。一覧のボタンから解除してください。"))
            return redirect("organisation:locks")
        services.unlock(actor=_actor(request), account=account, address=address)
        messages.success(request, _("サインインの制限を解除しました。"))
        return redirect("organisation:locks")
    return render(request, "trust/locks.html", {"locks": sign_in_locks()})


def _show_link(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    url = request.build_absolute_uri(reverse("accept_invitation", args=[token]))
    account = invitation.account
    if account.email:
        context = {"person": account, "link": url, "expires_at": invitation.expires_at}
        get_adapter().send_mail("trust/email/invitation", account.email, context)
    context = {"invitation": invitation, "person": account, "link": url}
    return render(request, "trust/invitation_link.html", context)


def _try(form: Any, do: Callable[[], Any]) -> Any:
    """Return what a service gave, or None with its complaint on the form."""
    try:
        return do()
    except OrganisationError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None


def _actor(request: HttpRequest) -> Account:
    actor = account_of(request)
    if actor is None:  # the decorator has seen to it
        raise Http404
    return actor


def _staff_or_404(pk: int) -> Account:
    return get_object_or_404(Account, pk=pk, kind=AccountKind.STAFF)


def _found(asked: dict[str, str], locked: set[int]) -> QuerySet[Account]:
    found = Account.objects.filter(kind=AccountKind.STAFF)
    for word in asked["q"].split():
        found = found.filter(Q(name__icontains=word) | Q(name_kana__icontains=word) | Q(login__icontains=word))
    duties = Duty.objects.on()
    unit = plain_integer(asked["unit"])
    if unit is not None:
        found = found.filter(pk__in=duties.filter(unit=unit).values("account_id"))
    if asked["role"] in Role.values:
        found = found.filter(pk__in=duties.filter(role=asked["role"]).values("account_id"))
    return _in_state(found, asked["state"], locked).order_by("name_kana", "name", "pk")


def _in_state(found: QuerySet[Account], state: str, locked: set[int]) -> QuerySet[Account]:
    unset = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return {
        "active": lambda: found.filter(~unset, is_active=True),
        "invited": lambda: found.filter(unset, is_active=True),
        "inactive": lambda: found.filter(is_active=False),
        "locked": lambda: found.filter(pk__in=locked),
    }.get(state, lambda: found)()


def _state(account: Account, locked: set[int]) -> str:
    if not account.is_active:
        return "inactive"
    if account.pk in locked:
        return "locked"
    return "active" if account.has_usable_password() else "invited"


def _duties_of(people: list[Account]) -> dict[int, list[Duty]]:
    found: dict[int, list[Duty]] = {}
    for duty in Duty.objects.on().filter(account__in=people).select_related("unit"):
        found.setdefault(duty.account_id, []).append(duty)
    return found


def _person(account: Account, locked: set[int], duties: dict[int, list[Duty]]) -> dict[str, Any]:
    state = _state(account, locked)
    return {"account": account, "state": state, "state_label": STATES[state], "duties": duties.get(account.pk, [])}


def _events_about(account: Account) -> QuerySet[Event]:
    return Event.objects.filter(subject_type=Account._meta.label_lower, subject_id=str(account.pk)).order_by("-id")


def _line(event: Event) -> dict[str, Any]:
    kind = event_types.find(event.key)
    return {"at": event.at, "label": _(kind.label) if kind else event.key, "refusal": bool(kind and kind.is_refusal)}


def _this_year() -> int:
    return fiscal.fiscal_year(clock.today())
