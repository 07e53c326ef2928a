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
from pipeline.report.knowledge import age, findings, merged, places, profile, series, spending, spread, tables
from pipeline.report.paper.notebook import open_report, show

page = open_report(merger, part, year, processed, folder)
data = page.data

# %%
show(merged.notes(data))
show(findings.findings(data))

# %%
chosen = [data.definitions.indicators[name] for name in data.part.profile]
draw = profile.value_profile if data.part.profile_scale == "value" else profile.profile
show(draw(page, chosen, f"{data.part.title}: kommunene og {data.merged.name}"))

# %%
if "helse_omsorg" in data.part.also_show:
    show("Tallene for helse og omsorg gjelder *både* AP2.4 og AP2.5: kilden viser dem under ett (FGK9).\n")
show(tables.indicator_tables(page, "profiltall", chosen, "Tallene bak figuren"))

# %%
show(page.page_break())

# %% [markdown]
# # Slik leser du rapporten
#
# Rapporten viser tjenesten under planens fem overskrifter: kommunene hver for seg og regnet sammen. Hvert tall har et kort bak i rapporten
# som sier hva det er, hvordan det er regnet ut og hvordan det bør leses. Linjene etter hver overskrift er til gruppens egne merknader.

# %%
show(
    f"{merged.about(data)} "
    "Mangler ett tall for én kommune, vises ingen sum; ordet som står der, er forklart bak kortene.\n"
)

# %% [markdown]
# # Hvem tjenesten er til for

# %%
show(tables.target_groups(page))

# %%
show(age.age_structure(page, data.part.target_ages[0]))

# %%
ahead = [i for i in data.under("dimensjonering", "befolkning") if i.fixed_year]
show(tables.indicator_tables(page, "framskrivning", ahead, "Framskrevet endring i målgruppene, prosent"))

# %%
need = data.under("dimensjonering", "behov")
by_age = [i for i in need if i.numerator and i.numerator.need_key]
show(tables.indicator_tables(page, "behov", by_age, "Utgiftsbehov etter alder, landet = 100"))
if by_age:
    show(
        "Behovet er regnet med *aldersdelen* av kostnadsnøkkelen, med vekter fra "
        f"{data.definitions.need.year}. De andre kriteriene er ikke med.\n"
    )

# %% [markdown]
# # Innretning
#
# ::: {.ingress}
# Hvordan tjenesten er satt opp i dag: hvilke oppgaver den har, hvem som utfører dem, og hvordan tilbudet er satt sammen.
# :::

# %%
show(tables.functions(page, only_part=True))

# %%
setup = data.own("innretning")
show(profile.mix(page, setup))
show(tables.indicator_tables(page, "innretning", setup, "Innretning") or page.no_figures("innretning", setup))
show(page.notes())

# %% [markdown]
# # Dimensjonering
#
# ::: {.ingress}
# Kapasitet, dekning og størrelse.
# :::

# %%
size = data.own("dimensjonering")
show(tables.indicator_tables(page, "dimensjonering", size, "Dimensjonering") or page.no_figures("dimensjonering", size))
show(page.notes())

# %% [markdown]
# # Kvalitet
#
# ::: {.ingress}
# Resultater, frister, kompetanse og hva brukerne sier.
# :::

# %%
tests = [i for i in data.own("kvalitet") if i.uncertainty is not None]
other = [i for i in data.own("kvalitet") if i.uncertainty is None]
quality = tables.results(page, tests) + tables.indicator_tables(page, "kvalitet", other, "Kvalitet")
show(quality or page.no_figures("kvalitet", data.own("kvalitet")))

# %%
show(spread.school_spread(page, tests))
show(page.notes())

# %% [markdown]
# # Finansiering
#
# ::: {.ingress}
# Hva tjenesten koster, og hvordan kommunene ligger mot hverandre, KOSTRA-gruppen og landet.
# :::

# %%
money = data.own("finansiering")
# gross per inhabitant stands in the workbook; here it would only repeat the amounts
rates = [i for i in money if i.formula != "amount" and not i.id.endswith(".brutto_per_innbygger")]
if "helse_omsorg" in data.part.also_show:
    show(data.definitions.terms["helse_og_omsorg_samlet"].text + "\n")
show(tables.indicator_tables(page, "belop", [i for i in money if i.formula == "amount"], "Beløp, 1000 kr"))

# %%
show(spending.accounts(page))

# %%
show(tables.indicator_tables(page, "per-innbygger", rates, "Per innbygger, bruker og andel"))

# %%
show(spending.need_table(page))

# %%
show(spending.three_year_table(page))

# %%
show(spending.decomposition(page))

# %%
show(tables.index_table(page, spending.leading(data)))

# %%
show(spending.level_table(page))

# %%
show(spending.trend_table(page))

# %%
lead = data.definitions.indicators[data.part.lead]
show(series.time_series(page, "utvikling", lead, lead.title))

# %%
show(spread.peer_spread(page, lead, lead.title))
show(page.notes())

# %% [markdown]
# # Geografisk fordeling
#
# ::: {.ingress}
# Hvor tjenesten er, sett mot lokalsentrene.
# :::

# %%
show(tables.indicator_tables(page, "geografi", data.own("geografi"), "Steder"))

# %%
titles = {
    "school": "Grunnskolene i dag, etter kommunen de lå i",
    "kindergarten": "Barnehagene før sammenslåingen",
    "polling_place": "Steder brukt som valglokale i 2017",
}
show(places.place_map(page, data.part.places, titles[data.part.places]) or page.no_figures("geografisk fordeling", data.own("geografi")))
if data.part.places == "polling_place":
    show(
        "Tjenestens egne steder er ikke i datasettet. Kartet viser steder som var valglokale i 2017 (de fleste offentlige bygg), til hjelp for nærmiljøperspektivet.\n"
    )
show(page.notes())

# %% [markdown]
# # Det som mangler

# %%
show(tables.missing(page) or "Alle indikatorene har et samlet tall.\n")

# %%
show(page.page_break())

# %% [markdown]
# # Ett kort per indikator

# %%
show(tables.cards(page))

# %% [markdown]
# # Felles for hele kommunen
#
# Likt i alle rapportene: økonomien, organisasjonen og innbyggertorgene.

# %%
common = [i for i in data.indicators if i.area == "okonomi"]
show(tables.indicator_tables(page, "felles", common, "Økonomi, organisasjon og innbyggertorg"))
whole_need = [i for i in need if i not in by_age]
show(tables.indicator_tables(page, "samlet-behov", whole_need, "Utgiftsbehov, alle kriterier, landet = 100"))

# %% [markdown]
# # Ord og begreper

# %%
show(tables.statuses(page))

# %%
show(tables.terms(page))

# %% [markdown]
# # Alle KOSTRA-funksjoner og hvor de hører til
#
# Planen lot det stå åpent hvilke funksjoner som hører til hvilket delprosjekt. Her er hver funksjon plassert i nøyaktig én tjeneste, eller utenfor.

# %%
show(tables.functions(page, only_part=False))

# %% [markdown]
# # Kilder og kjente avvik

# %%
show(tables.sources(page))
show(tables.deviations(page))

# %% [markdown]
# # Endringslogg og distribusjonslogg

# %%
show(page.logs())
show(tables.changes(page))
