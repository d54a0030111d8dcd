from django.urls import path

from voting import rule_pages, views

app_name = "voting"
urlpatterns = [
    path("meetings/<uuid:meeting_key>/polls/", views.polls, name="polls"),
    path("polls/<uuid:key>/", views.poll, name="poll"),
    path("polls/<uuid:key>/names/", views.names, name="names"),
    path("polls/<uuid:key>/removal/", views.removal, name="removal"),
    path("polls/<uuid:key>/opening/", views.opening, name="opening"),
    path("polls/<uuid:key>/opening/undoing/", views.opening_undoing, name="opening_undoing"),
    path("polls/<uuid:key>/closing/", views.closing, name="closing"),
    path("polls/<uuid:key>/announcement/", views.announcement, name="announcement"),
    path("polls/<uuid:key>/cancellation/", views.cancellation, name="cancellation"),
    path("polls/<uuid:key>/repetition/", views.repetition, name="repetition"),
    path("polls/<uuid:key>/moving/", views.moving, name="moving"),
    path("polls/<uuid:key>/correction/", views.correction, name="correction"),
    path("polls/check_vote.py", views.checker, name="checker"),
    path("polls/<uuid:key>/file.json", views.file, name="file"),
    path("polls/<uuid:key>/table.xlsx", views.table, name="table"),
    path("polls/<uuid:key>/aloud/", views.aloud, name="aloud"),
    path("rule-sets/", rule_pages.rule_sets, name="rule_sets"),
    path("rule-sets/<int:rule_set_id>/", rule_pages.rule_set, name="rule_set"),
    path("rule-sets/<int:rule_set_id>/version/", rule_pages.rule_set_version, name="rule_set_version"),
    path("rule-sets/<int:rule_set_id>/copy/", rule_pages.rule_set_copy, name="rule_set_copy"),
    path("rule-sets/<int:rule_set_id>/preview/", rule_pages.rule_set_preview, name="rule_set_preview"),
    path("rule-sets/<int:rule_set_id>/withdrawal/", rule_pages.rule_set_withdrawal, name="rule_set_withdrawal"),
    path("rule-sets/<int:rule_set_id>/ending/", rule_pages.rule_set_ending, name="rule_set_ending"),
    path(
        "rule-sets/<int:rule_set_id>/ending/withdrawal/",
        rule_pages.rule_set_ending_withdrawal,
        name="rule_set_ending_withdrawal",
    ),
    path("rule-sets/<int:rule_set_id>/check/", rule_pages.rule_set_check, name="rule_set_check"),
    path(
        "rule-sets/<int:rule_set_id>/check/withdrawal/",
        rule_pages.rule_set_check_withdrawal,
        name="rule_set_check_withdrawal",
    ),
]
