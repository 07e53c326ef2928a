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
# The index page of a merger. `kunnskap run` puts its own values here; change them to explore.
merger = "nye-drammen"
part = None
year = None  # None: the merger's base year
processed = None  # None: data/processed/<merger>
folder = None  # None: reports/<merger>

# %%
from pipeline.report import overview
from pipeline.report.knowledge import aside, merged, profile, tables
from pipeline.report.paper.notebook import open_report, show

page = open_report(merger, part, year, processed, folder)
page.uses_forms = True  # the forms' figures stand here as well
data = page.data

# %%
show(merged.notes(data))
show(overview.reports(page))

# %%
show(overview.readers(page))
show(aside.lead(data))

# %% [markdown]
# # Det viktigste fra hvert delprosjekt
#
# De første setningene fra hver rapport, valgt av de samme reglene: forskjell i utgift, i dekning og i kvalitet der tallene bærer det.

# %%
show(overview.highlights(page))

# %%
show(overview.side_by_side(page))

# %% [markdown]
# # Hva det ville kostet eller spart om nivået var likt

# %%
show(overview.evened_out(page))

# %% [markdown]
# # Sju tjenesteområder i ett bilde

# %%
show(
    profile.profile(page, overview.seven(data), f"{data.merged.name}: netto driftsutgifter per innbygger eller innbygger i målgruppen")
)

# %%
show(tables.indicator_tables(page, "sju", overview.seven(data), "Tallene bak figuren"))

# %% [markdown]
# # Kan tallene etterprøves?

# %%
show(overview.trust(page))
show(tables.deviations(page))
show(aside.listed(page))

# %%
tried = overview.truth(page)
show(f"# Stemte de samlede tallene?\n\n{tried}" if tried else "")

# %% [markdown]
# # Temaplanene: samme tjenester, annen inndeling

# %%
show(overview.themes(page))

# %% [markdown]
# # KOSTRA-funksjonene

# %%
show(tables.functions(page, only_part=False))

# %% [markdown]
# # Kilder

# %%
show(tables.sources(page))
