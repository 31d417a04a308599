{{ staged_ons_figures('live_births_2017_second_hand', basis='registration', precedence=1) }}
