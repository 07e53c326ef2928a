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
# A first draft for the group to write in: their headings, our tables, empty paragraphs. `kunnskap run` puts its own values here.
merger = "nye-drammen"
part = "AP2.2"
year = None  # None: the merger's base year
processed = None  # None: data/processed/<merger>
folder = None  # None: reports/<merger>/<sub-project>

# %%
from pipeline.report.harmonise import draft, figures, findings, tables
from pipeline.report.notebook import open_harmonisation, show

page, view = open_harmonisation(merger, part, year, processed, folder)
data = page.data

# %%
show(draft.about(view))

# %% [markdown]
# # Bakgrunn og oppdrag

# %%
show(draft.write("Hvilket oppdrag gruppen har, og hvem som har vært med."))

# %% [markdown]
# # Tjenesten i dag

# %%
show(draft.write("Hvordan tjenesten er innrettet, dimensjonert og finansiert, og hvordan kvaliteten er. Kunnskapsgrunnlaget har tallene."))

# %% [markdown]
# # Forskjellene som skal jevnes ut

# %%
show(findings.findings(view))

# %%
show(tables.glance(page, view))

# %%
show(draft.write("Hvilke forskjeller gruppen mener er viktigst, og hvorfor de er oppstått."))

# %% [markdown]
# # Hva gruppen foreslår
#
# ## Brukerbetalinger

# %%
show(tables.fees(page, view) or tables.missing_form(view, "brukerbetalinger"))
show(draft.write("Nivået gruppen foreslår, fra når, og for hvem."))

# %% [markdown]
# ## Dekning og standard

# %%
show(tables.coverage(page, view) or page.no_figures("dekning"))
show(draft.write("Standarden alle skal få, og hvor kapasiteten må ligge."))

# %% [markdown]
# ## Tildelingsmodeller

# %%
show(tables.models(page, view))
show(draft.write("Hvordan penger og tjenester skal fordeles."))

# %% [markdown]
# ## Tilskuddsordninger

# %%
show(tables.grants(page, view))
show(draft.write("Hvilke ordninger som føres videre, slås sammen eller avvikles."))

# %% [markdown]
# ## Åpningstider

# %%
show(tables.opening(page, view))
show(draft.write("Hvor og når det skal være åpent, og hva som er bemannet."))

# %% [markdown]
# # Hva det betyr

# %%
show(figures.gap(page, view))

# %%
show(tables.spending_scenarios(page, view))
show(f"{findings.FIRST_ROUND}\n")
show(draft.write("Hva forslaget koster eller sparer, og for hvem det merkes."))

# %% [markdown]
# # Overgangsordninger og innfasing

# %%
show(tables.phase_in(page, view))
show(draft.write("Hvor mange år, hvilke trinn, og hva som må være på plass for hvert av dem."))

# %%
points = tables.guidelines(page, view)
show("# Føringene i planene\n\n" + points + "\n" + draft.write("Hvordan forslaget følger føringene, og der det ikke gjør det.") if points else "")

# %% [markdown]
# # Nærmiljøperspektivet

# %%
show(draft.write("Hva forslaget gjør for lokalsamfunnene, og hvilke bygg som kan åpnes for innbyggerne."))

# %% [markdown]
# # Spørsmål som står åpne

# %%
show(tables.questions(view, "all"))
show(draft.write("Gruppens egne svar, og det politikerne må ta stilling til."))

# %% [markdown]
# # Endringslogg og distribusjonslogg

# %%
show(page.logs("h-"))
