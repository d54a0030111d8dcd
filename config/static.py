"""Static files: fonts out of their packages, and names that change with the content."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from servestatic.storage import CompressedManifestStaticFilesStorage

FONTS = {"be-vietnam-pro": "fontpkg_be_vietnam_pro"}  # folder under static/fonts/ -> package
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")


class FontStorage(FileSystemStorage):
    """The files of one font package; collectstatic puts them under `prefix`."""

    def __init__(self, folder: str, package: str) -> None:
        super().__init__(location=str(Path(str(files(package))) / "files"))
        self.prefix = f"fonts/{folder}"


class FontFinder(BaseFinder):
    """Serves fonts from where the package manager put them, so that none has to be copied into the repository."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storages = [FontStorage(folder, package) for folder, package in FONTS.items()]

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        for storage in self.storages:
            prefix = f"{storage.prefix}/"
            name = path.removeprefix(prefix)
            if path.startswith(prefix) and storage.exists(name):
                return [storage.path(name)] if find_all else storage.path(name)
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for storage in self.storages:
            for name in storage.listdir("")[1]:
                if any(f"-{weight}." in name for weight in WEIGHTS):
                    yield name, storage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash of the content; imports are rewritten in our own modules only (django-htmx's do not parse)."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 12  # a module's name is final one pass after those of all it imports

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if name.endswith(".js") and not name.startswith("js/"):
            return lambda match: match.group(0)
        return super().url_converter(name, *args, **kwargs)
