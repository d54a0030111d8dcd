from django.urls import path

from realtime import views

app_name = "realtime"
urlpatterns = [
    path("tickets/", views.ticket, name="ticket"),
    path("sync/", views.sync, name="sync"),
]
