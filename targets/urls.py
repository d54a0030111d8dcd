from django.urls import path

from targets.views import baselines, figures, members

app_name = "targets"
urlpatterns = [
    path("", figures.effect, name="effect"),
    path("charts/<slug:name>/", figures.chart, name="chart"),
    path("sessions/", figures.sessions, name="sessions"),
    path("sessions/table.<str:form>", figures.sessions_export, name="sessions_export"),
    path("members/", members.members, name="members"),
    path("members/table.<str:form>", members.members_export, name="members_export"),
    path("members/<int:person_id>/", members.member, name="member"),
    path("baselines/", baselines.baselines, name="baselines"),
    path("baselines/new/", baselines.new_baseline, name="new_baseline"),
    path("baselines/<int:baseline_id>/", baselines.baseline, name="baseline"),
    path("baselines/<int:baseline_id>/window/", baselines.window, name="window"),
    path("baselines/<int:baseline_id>/sessions/", baselines.baseline_sessions, name="baseline_sessions"),
    path("baselines/<int:baseline_id>/import/", baselines.import_of_sessions, name="import_of_sessions"),
    path("baselines/<int:baseline_id>/import/entry/", baselines.entry_of_sessions, name="entry_of_sessions"),
    path("baselines/<int:baseline_id>/freezing/", baselines.freezing, name="freezing"),
    path("baselines/<int:baseline_id>/withdrawal/", baselines.withdrawal, name="withdrawal"),
    path("baselines/table.<str:form>", baselines.table_for_sessions, name="table_for_sessions"),
    path("baseline-sessions/<int:session_id>/", baselines.baseline_session, name="baseline_session"),
    path("baseline-sessions/<int:session_id>/removal/", baselines.session_removal, name="session_removal"),
    path("baseline-sessions/<int:session_id>/proof/", baselines.proof, name="proof"),
]
