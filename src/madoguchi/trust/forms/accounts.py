"""Forms of sign-in, of one's own account and of the organisation."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, SignupForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.kit import clock, fiscal

from ..enums import AccountKind, Role, UnitKind
from ..models import Account, Unit, current_municipality
from ..models.account import LOGIN_PATTERN
from ..selectors import accounts_with_email, unit_tree

PASSWORD_HINT = gettext_lazy(
    "12文字以上で、推測されにくいものにしてください。いくつかの言葉をつなげると覚えやすくなります。"
)


def _password(label: Any, *, new: bool = True, **kwargs: Any) -> forms.CharField:
    autocomplete = "new-password" if new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget, **kwargs)


class SignInForm(LoginForm):  # type: ignore[misc]
    """Login name or e-mail address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("ログイン名またはメールアドレス")
        login.max_length = 254
        login.widget = forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false"}
        )
        password.label, password.help_text = _("パスワード"), ""
        password.widget.attrs.pop("placeholder", None)


class ResidentSignUpForm(SignupForm):  # type: ignore[misc]
    """A resident signs up with an e-mail address, which is confirmed by a link, and a password."""

    name = forms.CharField(
        label=gettext_lazy("お名前"),
        max_length=80,
        help_text=gettext_lazy("画面やお知らせでお呼びする名前です。あとで変更できます。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("メールアドレス")
        self.fields["email"].help_text = _("確認のためのメールを送ります。")
        self.fields["password1"].label = _("パスワード")
        self.fields["password1"].help_text = PASSWORD_HINT
        self.fields["password2"].label = _("パスワード（確認のためもう一度）")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def validate_unique_email(self, value: str) -> str:
        """Mark an address a resident of this municipality uses; its owner gets a mail, the page does not tell."""
        self.account_already_exists = accounts_with_email(value).filter(kind=AccountKind.RESIDENT).exists()
        return value


class PasswordResetForm(ResetPasswordForm):  # type: ignore[misc]
    """Ask for a link to set a new password; accounts of other municipalities are never found."""

    users: list[Account]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("登録したメールアドレス")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        """Find the active accounts of the address in the municipality of the host."""
        email: str = super().clean_email()
        here = current_municipality().pk
        self.users = [account for account in self.users if account.municipality_id == here]
        return email


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Register a passkey, always one that can sign in alone."""

    passwordless = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("パスキーの名前")
        self.fields["name"].help_text = _("どの端末か分かる名前にします。例：職場のパソコン")
        self.fields["name"].max_length = 60

    def clean(self) -> dict[str, Any]:
        """Check the new credential; the device must have verified its user."""
        cleaned: dict[str, Any] = super().clean()
        credential = cleaned.get("credential") or {}
        properties = credential.get("clientExtensionResults", {}).get("credProps", {})
        if credential and properties.get("rk") is False:
            raise get_adapter().validation_error("incorrect_code")
        return cleaned


class NewPasswordForm(forms.Form):
    """Set the password of an account that an invitation opened."""

    password1 = _password(gettext_lazy("新しいパスワード"), help_text=PASSWORD_HINT)
    password2 = _password(gettext_lazy("新しいパスワード（確認のためもう一度）"))

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password1(self) -> str:
        """Ask the password policy."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.account)
        return password

    def clean_password2(self) -> str:
        """Both must be the same."""
        password: str = self.cleaned_data["password2"]
        if self.cleaned_data.get("password1") not in (None, password):
            raise ValidationError(_("二つのパスワードが違います。同じものを入力してください。"))
        return password


def _languages() -> list[tuple[str, str]]:
    return [("", _("画面の選択に従う")), *settings.LANGUAGES]


class MyDetailsForm(forms.Form):
    """What somebody may change about their own account."""

    name = forms.CharField(label=gettext_lazy("氏名"), max_length=80)
    name_kana = forms.CharField(label=gettext_lazy("氏名（カナ）"), max_length=120, required=False)
    language = forms.ChoiceField(label=gettext_lazy("言語"), required=False, choices=lazy(_languages, list))


class StaffForm(forms.Form):
    """What an administrator may change about a member of staff."""

    name = forms.CharField(label=gettext_lazy("氏名"), max_length=80)
    name_kana = forms.CharField(label=gettext_lazy("氏名（カナ）"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("メールアドレス"), required=False)


class UnitField(forms.TypedChoiceField):
    """A unit of a fiscal year, offered as the tree; the value is the ``Unit`` or None."""

    def __init__(self, *, empty: Any, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)
        self.empty = empty
        self._units: dict[str, Unit] = {}

    def offer(self, fiscal_year: int, *, without: Unit | None = None) -> None:
        """Offer the units of a fiscal year; the deeper, the further in."""
        nodes = [node for node in unit_tree(fiscal_year) if without is None or node.unit.pk != without.pk]
        self._units = {str(node.unit.pk): node.unit for node in nodes}
        self.choices = [("", self.empty)] + [(str(node.unit.pk), "　" * node.depth + node.unit.name) for node in nodes]

    def clean(self, value: Any) -> Unit | None:
        """Return the chosen unit; a unit that was not offered is refused."""
        chosen = super().clean(value)
        return None if chosen is None else self._units[str(chosen)]


def _year_choices() -> list[tuple[int, str]]:
    this = fiscal.fiscal_year(clock.today())
    return [(year, fiscal.label(year)) for year in range(this + 1, this - 6, -1)]


class DutyForm(forms.Form):
    """Assign a role at a unit for a period."""

    role = forms.ChoiceField(label=gettext_lazy("役割"), choices=Role.choices)
    unit = UnitField(label=gettext_lazy("組織"), empty=gettext_lazy("全庁"), required=False)
    from_date = forms.DateField(
        label=gettext_lazy("開始日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    to_date = forms.DateField(
        label=gettext_lazy("終了日"),
        required=False,
        help_text=gettext_lazy("この日までこの職務に就きます。決まっていないときは空けておきます。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, fiscal_year: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"from_date": clock.today()})
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        if isinstance(field, UnitField):
            field.offer(fiscal_year)

    def clean(self) -> dict[str, Any]:
        """A duty ends after it begins."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("from_date"), cleaned.get("to_date")
        if start and end and end < start:
            self.add_error("to_date", _("終了日は、開始日以降の日にしてください。"))
        return cleaned


class InvitationForm(DutyForm):
    """Invite a member of staff with a first duty."""

    login = forms.RegexField(
        LOGIN_PATTERN,
        label=gettext_lazy("ログイン名"),
        max_length=80,
        help_text=gettext_lazy("英小文字と数字、「.」「_」「-」が使えます。例：s.yamada"),
        error_messages={"invalid": gettext_lazy("英小文字と数字、「.」「_」「-」で入力してください。")},
    )
    name = forms.CharField(label=gettext_lazy("氏名"), max_length=80)
    name_kana = forms.CharField(label=gettext_lazy("氏名（カナ）"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("メールアドレス"),
        required=False,
        help_text=gettext_lazy("入力すると、招待のリンクをメールでも送ります。"),
    )
    field_order = ("login", "name", "name_kana", "email", "role", "unit", "from_date", "to_date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["to_date"]

    def clean_login(self) -> str:
        """A login name is free in the municipality."""
        login: str = self.cleaned_data["login"]
        if Account.objects.filter(login=login).exists():
            raise ValidationError(_("このログイン名は使われています。別の名前にしてください。"))
        return login


class EndDutyForm(forms.Form):
    """Let a duty end on a day."""

    to_date = forms.DateField(
        label=gettext_lazy("終了日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class UnitForm(forms.Form):
    """Add a unit, or correct what it is under."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("区分"), choices=UnitKind.choices, initial=UnitKind.SECTION)
    parent = UnitField(label=gettext_lazy("上位組織"), empty=gettext_lazy("なし（最上位）"), required=False)
    phone = forms.CharField(label=gettext_lazy("電話"), max_length=20, required=False)

    def __init__(self, *args: Any, fiscal_year: int, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        if isinstance(field, UnitField):
            field.offer(fiscal_year, without=unit)
        if unit is not None:
            del self.fields["name"]


class ReorganisationForm(forms.Form):
    """From which fiscal year a unit is renamed, merged or abolished."""

    fiscal_year = forms.TypedChoiceField(label=gettext_lazy("実施する年度"), coerce=int, choices=_year_choices)
    name = forms.CharField(label=gettext_lazy("新しい名称"), max_length=80, required=False)
    into = UnitField(label=gettext_lazy("統合先"), empty=gettext_lazy("選んでください"), required=False)

    def __init__(self, *args: Any, unit: Unit, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = {"rename": "name", "merge": "into"}.get(action)
        for key in ("name", "into"):
            if key != needed:
                del self.fields[key]
        if needed:
            self.fields[needed].required = True
        into = self.fields.get("into")
        if isinstance(into, UnitField):
            into.offer(max(unit.valid_from_fiscal_year, fiscal.fiscal_year(clock.today())), without=unit)
