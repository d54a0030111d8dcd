from allauth.account import views as allauth
from django.urls import include, path

from accounts import views

# Only what the product offers: allauth's sign-up, e-mail and reset pages are not part of a closed network.
urlpatterns = [
    path("text-size/", views.text_size, name="text_size"),
    path("theme/", views.theme, name="theme"),
    path("password/first/", views.first_password, name="first_password"),
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("password/", allauth.password_change, name="account_change_password"),
    path("login/again/", allauth.reauthenticate, name="account_reauthenticate"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("signup/", allauth.signup, name="account_signup"),
    path("password/reset/", allauth.login, name="account_reset_password"),
    path("administration/", include("accounts.administration.urls")),
]
