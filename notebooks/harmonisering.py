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
from pipeline.report.harmonise import figures, findings, tables
from pipeline.report.notebook import open_harmonisation, show

page, view = open_harmonisation(merger, part, year, processed, folder)
data = page.data

# %%
show(findings.findings(view))

# %%
show(figures.first(page, view))

# %%
show(tables.glance(page, view))

# %% [markdown]
# # Slik leser du rapporten

# %%
show(
    f"Innbyggerne i {data.merged.name} skal få likeverdige tjenester, uansett hvilken kommune de kom fra. Her står forskjellene side om side, og hva det ville bety å gjøre dem like på "
    f"fire måter: {tables.scenario_words()}. Ingen av dem er et forslag.\n"
)
show(f"{findings.FIRST_ROUND} *Veid snitt* er nivået der pluss og minus går opp i null.\n")

# %% [markdown]
# # Brukerbetalinger
#
# ::: {.ingress}
# Hva innbyggerne betaler selv, og hva en typisk husholdning merker.
# :::

# %%
fees = tables.fees(page, view)
show(fees or tables.missing_form(view, "brukerbetalinger"))

# %%
show(figures.households(page, view))
show(tables.households(page, view))

# %%
show(tables.fee_scenarios(page, view))

# %%
show(tables.self_cost(page, view))
show(tables.questions(view, "fee"))
show(page.notes())

# %% [markdown]
# # Dekning og standard
#
# ::: {.ingress}
# Hvor mange som får tjenesten, og hva som skulle til for at det ble likt.
# :::

# %%
covered = tables.coverage(page, view)
show(covered or page.no_figures("dekning"))

# %%
show(tables.coverage_scenarios(page, view))
if not view.register("standard"):
    show(tables.missing_form(view, "dekning"))
show(tables.questions(view, "coverage"))
show(page.notes())

# %% [markdown]
# # Utgiftsnivå
#
# ::: {.ingress}
# Hva kommunene bruker på tjenesten, når det er tatt hensyn til alderen på innbyggerne der det går an.
# :::

# %%
show(tables.spending(page, view))

# %%
show(tables.spending_scenarios(page, view))
show(page.notes())

# %% [markdown]
# # Tildelingsmodeller
#
# ::: {.ingress}
# Hvordan penger og tjenester blir fordelt.
# :::

# %%
show(tables.models(page, view) or tables.missing_form(view, "tildelingsmodeller"))
show(tables.questions(view, "distribution"))
show(page.notes())

# %% [markdown]
# # Tilskuddsordninger
#
# ::: {.ingress}
# Hvem som får tilskudd til hva.
# :::

# %%
show(tables.grants(page, view) or tables.missing_form(view, "tilskuddsordninger"))
show(tables.questions(view, "grant"))
show(page.notes())

# %% [markdown]
# # Åpningstider
#
# ::: {.ingress}
# Hvor lenge det er åpent, og om det er noen der.
# :::

# %%
show(tables.opening(page, view) or tables.missing_form(view, "apningstider"))
show(tables.questions(view, "opening"))
show(page.notes())

# %%
phases = tables.phase_in(page, view)
show("# Innfasing\n\n" + phases if phases else "")

# %%
points = tables.guidelines(page, view)
show("# Føringene i planene\n\n::: {.ingress}\nPunktene er gjengitt med egne ord. Tabellen sier hva som finnes av tall om dem i dag, aldri om punktet er nådd.\n:::\n\n" + points if points else "")

# %% [markdown]
# # Spørsmål til gruppen

# %%
show(tables.questions(view, "all"))
show(page.notes())

# %% [markdown]
# # Skjemaene som gir mer

# %%
show(tables.registers(page, view))

# %% [markdown]
# # Endringslogg og distribusjonslogg

# %%
show(page.logs("h-"))
