# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
# Slides for the evening with the politicians: one message and one figure each. `kunnskap run` puts its own values here.
merger = "nye-drammen"
part = "AP2.2"
year = None  # None: the merger's base year
processed = None  # None: data/processed/<merger>
folder = None  # None: reports/<merger>/<sub-project>

# %%
from pipeline.report.harmonise import slides
from pipeline.report.paper.notebook import open_harmonisation, show

page, view = open_harmonisation(merger, part, year, processed, folder)

# %%
for slide in slides.deck(page, view):
    show(slide)
