from django.apps import AppConfig
from django.conf import settings


class RealtimeConfig(AppConfig):
    name = "realtime"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if settings.REDIS_URL:
            from realtime.redis_wakeups import post_commits

            post_commits()
