"""The form of the sign-in page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """A mail address and a password; `username` is the name that password keepers look for."""

    username = forms.EmailField(label=_("E-mail"), max_length=254)
    password = forms.CharField(label=_("Password"), max_length=256, strip=False, widget=forms.PasswordInput)
