from django.apps import AppConfig
from django.conf import settings


class RealtimeConfig(AppConfig):
    name = "realtime"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from realtime.housekeeping import forget_old_answers
        from realtime.seconds import register_each_second

        register_each_second(forget_old_answers)
        if settings.REDIS_URL:
            from realtime.redis_wakeups import post_commits

            post_commits()
