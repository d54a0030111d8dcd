from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and organisations")

    def ready(self) -> None:
        from accounts import navigation, personal, principals, rules, signals
        from realtime.kinds import register_kind
        from realtime.principals import register_principal_check, register_principal_source

        signals.connect()
        register_principal_source(principals.principal_of)
        register_principal_check(principals.present_self)
        register_kind(personal.PersonalStream())
        navigation.register_entry(
            "accounts:units",
            _("Administration"),
            "settings",
            place=90,
            may=rules.administers_something,
            below="/account/administration/",
        )
