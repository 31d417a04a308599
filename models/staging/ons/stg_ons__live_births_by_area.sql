{{ staged_ons_figures('live_births_by_area', basis='registration', precedence=1) }}
