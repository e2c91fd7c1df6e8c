"""Forms of sign-in, of one's own account, of the organisation, and of delegations."""

from .accounts import (
    DutyForm,
    EndDutyForm,
    InvitationForm,
    MyDetailsForm,
    NewPasswordForm,
    PasskeyForm,
    PasswordResetForm,
    ReorganisationForm,
    ResidentSignUpForm,
    SignInForm,
    StaffForm,
    UnitForm,
)
from .identity import CodeForm, ConfirmationForm, DelegationForm, MatchForm, ProofForm, RegistrationForm

__all__ = [
    "CodeForm",
    "ConfirmationForm",
    "DelegationForm",
    "DutyForm",
    "EndDutyForm",
    "InvitationForm",
    "MatchForm",
    "MyDetailsForm",
    "NewPasswordForm",
    "PasskeyForm",
    "PasswordResetForm",
    "ProofForm",
    "RegistrationForm",
    "ReorganisationForm",
    "ResidentSignUpForm",
    "SignInForm",
    "StaffForm",
    "UnitForm",
]
