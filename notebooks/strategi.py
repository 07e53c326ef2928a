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
from pipeline.report.harmonise import draft, evening_out, fees, figures, findings, glance, guidelines, registers
from pipeline.report.knowledge import merged
from pipeline.report.paper.notebook import open_harmonisation, show

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
show(merged.notes(data))
show(findings.findings(view))

# %%
show(glance.glance(page, view))

# %%
show(draft.write("Hvilke forskjeller gruppen mener er viktigst, og hvorfor de er oppstått."))

# %% [markdown]
# # Hva gruppen foreslår
#
# ## Brukerbetalinger

# %%
show(fees.fees(page, view) or registers.missing_form(view, "brukerbetalinger"))
show(draft.write("Nivået gruppen foreslår, fra når, og for hvem."))

# %% [markdown]
# ## Dekning og standard

# %%
show(evening_out.coverage(page, view) or page.no_figures("dekning"))
show(draft.write("Standarden alle skal få, og hvor kapasiteten må ligge."))

# %% [markdown]
# ## Tildelingsmodeller

# %%
show(registers.models(page, view))
show(draft.write("Hvordan penger og tjenester skal fordeles."))

# %% [markdown]
# ## Tilskuddsordninger

# %%
show(registers.grants(page, view))
show(draft.write("Hvilke ordninger som føres videre, slås sammen eller avvikles."))

# %% [markdown]
# ## Åpningstider

# %%
show(registers.opening(page, view))
show(draft.write("Hvor og når det skal være åpent, og hva som er bemannet."))

# %% [markdown]
# # Hva det betyr

# %%
show(figures.gap(page, view))

# %%
show(evening_out.spending_scenarios(page, view))
show(f"{findings.FIRST_ROUND}\n")
show(draft.write("Hva forslaget koster eller sparer, og for hvem det merkes."))

# %% [markdown]
# # Overgangsordninger og innfasing

# %%
show(evening_out.phase_in(page, view))
show(draft.write("Hvor mange år, hvilke trinn, og hva som må være på plass for hvert av dem."))

# %%
points = guidelines.guidelines(page, view)
show("# Føringene i planene\n\n" + points + "\n" + draft.write("Hvordan forslaget følger føringene, og der det ikke gjør det.") if points else "")

# %% [markdown]
# # Nærmiljøperspektivet

# %%
show(draft.write("Hva forslaget gjør for lokalsamfunnene, og hvilke bygg som kan åpnes for innbyggerne."))

# %% [markdown]
# # Spørsmål som står åpne

# %%
show(guidelines.questions(view, "all"))
show(draft.write("Gruppens egne svar, og det politikerne må ta stilling til."))

# %% [markdown]
# # Endringslogg og distribusjonslogg

# %%
show(page.logs("h-"))
