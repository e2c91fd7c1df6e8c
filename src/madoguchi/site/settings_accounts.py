"""Settings of signing in: django-allauth, lock-out, sessions, and the cache that all processes share."""

from __future__ import annotations

from . import configuration

__all__ = [
    "ACCOUNT_ADAPTER",
    "ACCOUNT_CHANGE_EMAIL",
    "ACCOUNT_EMAIL_NOTIFICATIONS",
    "ACCOUNT_EMAIL_SUBJECT_PREFIX",
    "ACCOUNT_EMAIL_VERIFICATION",
    "ACCOUNT_FORMS",
    "ACCOUNT_LOGIN_METHODS",
    "ACCOUNT_RATE_LIMITS",
    "ACCOUNT_REAUTHENTICATION_REQUIRED",
    "ACCOUNT_SESSION_REMEMBER",
    "ACCOUNT_SIGNUP_FIELDS",
    "ACCOUNT_UNIQUE_EMAIL",
    "ACCOUNT_USER_DISPLAY",
    "ALLAUTH_TRUSTED_PROXY_COUNT",
    "AUTHENTICATION_BACKENDS",
    "CACHES",
    "DEMONSTRATION_PASSWORD",
    "INVITATION_DAYS",
    "MFA_ADAPTER",
    "MFA_ALLOW_UNVERIFIED_EMAIL",
    "MFA_FORMS",
    "MFA_PASSKEY_LOGIN_ENABLED",
    "MFA_RATE_LIMITS",
    "MFA_SUPPORTED_TYPES",
    "MFA_TOTP_ISSUER",
    "MFA_TOTP_TOLERANCE",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    "SECOND_FACTOR_REQUIRED",
    "SESSION_COOKIE_AGE",
    "SESSION_IDLE_HOURS",
    "SIGN_IN_LIMITS",
    "USERSESSIONS_TRACK_ACTIVITY",
]

_DEMONSTRATION = configuration.flag("MADOGUCHI_DEMONSTRATION", default=False)
_DEBUG = configuration.flag("MADOGUCHI_DEBUG", default=False)

# Rate limits and the codes of authenticators that were used must be the same in every process: the default cache is a
# table (made by the trust room's migration). What only one process needs goes to "local".
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "trust_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTHENTICATION_BACKENDS = ["madoguchi.trust.plugins.allauth.MunicipalityBackend"]

# Failed password sign-ins that are let through before the account, or the address they come from, has to wait.
# A whole city hall may stand behind one address, so the address has more.
SIGN_IN_LIMITS = {"account": 5, "address": 100, "minutes": 15}
INVITATION_DAYS = 7

# Hours without a request after which a session ends. Residents get longer than 20 hours (WCAG 2.2, 2.2.1).
SESSION_IDLE_HOURS = {"staff": 8, "resident": 24, "machine": 1}
SESSION_COOKIE_AGE = 24 * 3600
USERSESSIONS_TRACK_ACTIVITY = False  # a write per request; the site's middleware notes it once in five minutes

# Shown on the sign-in page of a demonstration, which holds nothing to protect.
DEMONSTRATION_PASSWORD = "madoguchi-mihon"  # noqa: S105 - published on purpose

SECOND_FACTOR_REQUIRED = configuration.flag("MADOGUCHI_SECOND_FACTOR", default=not _DEMONSTRATION)

ALLAUTH_TRUSTED_PROXY_COUNT = 1 if configuration.flag("MADOGUCHI_BEHIND_PROXY", default=False) else 0
ACCOUNT_ADAPTER = "madoguchi.trust.plugins.allauth.AccountAdapter"
# The library accepts addresses at the sign-in only where they are unique in the installation; the trust room's backend
# accepts them within the municipality.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# The same person may live in one city and work in another: an address is unique within a municipality, which the
# forms see to, not in the installation.
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "madoguchi.trust.plugins.allauth.display_name"
# Password guessing is counted by the trust room; "login_failed" guards the codes of the second step. When an office
# opens, many sign in within a minute from one address.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key", "login": "300/m/ip"}
ACCOUNT_FORMS = {
    "login": "madoguchi.trust.forms.SignInForm",
    "signup": "madoguchi.trust.forms.ResidentSignUpForm",
    "reset_password": "madoguchi.trust.forms.PasswordResetForm",
}

MFA_ADAPTER = "madoguchi.trust.plugins.allauth.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "madoguchi.trust.forms.PasskeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # staff need no e-mail address; residents cannot sign in before theirs is confirmed
MFA_TOTP_ISSUER = ""
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys on http://localhost, the library only with its origin check off.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _DEMONSTRATION or _DEBUG
