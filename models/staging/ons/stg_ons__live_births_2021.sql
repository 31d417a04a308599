{{ staged_ons_figures('live_births_2021', basis='occurrence', precedence=3) }}
