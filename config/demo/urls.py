"""Added to the addresses of the installation in demo mode only."""

from django.urls import path

from config.demo.arrivals import arrival

urlpatterns = [path("demo/arrivals/<slug:seat>/", arrival, name="demo_arrival")]
