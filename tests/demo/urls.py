"""The addresses as they are in demo mode."""

from config import urls
from config.demo.urls import urlpatterns as demo_urls

handler404, handler403, handler500 = urls.handler404, urls.handler403, urls.handler500
urlpatterns = [*demo_urls, *urls.urlpatterns]
