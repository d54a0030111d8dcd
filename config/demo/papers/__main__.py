"""python -m config.demo.papers 2026-11-23 FOLDER: make the papers of that day unless they are there."""

import datetime
import shutil
import sys
from pathlib import Path

from config.demo.papers import PAPERS, make_papers

day, folder = datetime.date.fromisoformat(sys.argv[1]), Path(sys.argv[2])
if not all((folder / paper.file_name).exists() for paper in PAPERS):
    draft = folder.with_name(f"{folder.name}.new")
    make_papers(draft, day=day)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
