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
# What this report is about. `kunnskap run` puts its own values here; change them to explore.
merger = "nye-drammen"
part = "AP2.2"
year = None  # None: the merger's base year
processed = None  # None: data/processed/<merger>
folder = None  # None: reports/<merger>/<sub-project>

# %%
from pipeline.report.harmonise import common, evening_out, fees, figures, findings, glance, guidelines, registers
from pipeline.report.knowledge import merged
from pipeline.report.paper.notebook import open_harmonisation, show

page, view = open_harmonisation(merger, part, year, processed, folder)
data = page.data

# %%
show(merged.notes(data))
show(findings.findings(view))

# %%
show(figures.first(page, view))

# %%
show(glance.glance(page, view))

# %% [markdown]
# # Slik leser du rapporten

# %%
show(
    f"Innbyggerne i {data.merged.name} skal få likeverdige tjenester, uansett hvilken kommune de kom fra. Her står forskjellene side om side, og hva det ville kostet eller spart om nivået var likt på "
    f"fire måter: {common.scenario_words()}. Ingen av dem er et forslag.\n"
)
show(f"{findings.FIRST_ROUND} *Veid snitt* er nivået der pluss og minus går opp i null.\n")

# %% [markdown]
# # Brukerbetalinger
#
# ::: {.ingress}
# Hva innbyggerne betaler selv, og hva en typisk husholdning merker.
# :::

# %%
charged = fees.fees(page, view)
show(charged or registers.missing_form(view, "brukerbetalinger"))

# %%
show(figures.households(page, view))
show(fees.households(page, view))

# %%
show(fees.fee_scenarios(page, view))

# %%
show(fees.self_cost(page, view))
show(guidelines.questions(view, "fee"))
show(page.notes())

# %% [markdown]
# # Dekning og standard
#
# ::: {.ingress}
# Hvor mange som får tjenesten, og hva som skulle til for at det ble likt.
# :::

# %%
covered = evening_out.coverage(page, view)
show(covered or page.no_figures("dekning"))

# %%
show(evening_out.coverage_scenarios(page, view))
if not view.register("standard"):
    show(registers.missing_form(view, "dekning"))
show(guidelines.questions(view, "coverage"))
show(page.notes())

# %% [markdown]
# # Utgiftsnivå
#
# ::: {.ingress}
# Hva kommunene bruker på tjenesten, når det er tatt hensyn til alderen på innbyggerne der det går an.
# :::

# %%
show(evening_out.spending(page, view))

# %%
show(evening_out.spending_scenarios(page, view))
show(page.notes())

# %% [markdown]
# # Tildelingsmodeller
#
# ::: {.ingress}
# Hvordan penger og tjenester blir fordelt.
# :::

# %%
show(registers.models(page, view) or registers.missing_form(view, "tildelingsmodeller"))
show(guidelines.questions(view, "distribution"))
show(page.notes())

# %% [markdown]
# # Tilskuddsordninger
#
# ::: {.ingress}
# Hvem som får tilskudd til hva.
# :::

# %%
show(registers.grants(page, view) or registers.missing_form(view, "tilskuddsordninger"))
show(guidelines.questions(view, "grant"))
show(page.notes())

# %% [markdown]
# # Åpningstider
#
# ::: {.ingress}
# Hvor lenge det er åpent, og om det er noen der.
# :::

# %%
show(registers.opening(page, view) or registers.missing_form(view, "apningstider"))
show(guidelines.questions(view, "opening"))
show(page.notes())

# %% [markdown]
# # Interkommunale samarbeid
#
# ::: {.ingress}
# Hva kommunene gjør sammen med andre, og hva det kan skjule i tallene over.
# :::

# %%
show(registers.arrangements(page, view) or registers.missing_form(view, "samarbeid"))
show(page.notes())

# %%
phases = evening_out.phase_in(page, view)
show("# Innfasing\n\n" + phases if phases else "")

# %%
points = guidelines.guidelines(page, view)
show("# Føringene i planene\n\n::: {.ingress}\nPunktene er gjengitt med egne ord. Tabellen viser tall som måler dem, aldri om punktet er nådd.\n:::\n\n" + points if points else "")

# %% [markdown]
# # Spørsmål til gruppen

# %%
show(guidelines.questions(view, "all"))
show(page.notes())

# %% [markdown]
# # Skjemaene som gir mer

# %%
show(registers.registers(page, view))

# %% [markdown]
# # Endringslogg og distribusjonslogg

# %%
show(page.logs("h-"))
