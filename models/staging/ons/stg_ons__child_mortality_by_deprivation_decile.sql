{{ staged_ons_figures('child_mortality_by_deprivation_decile', basis='occurrence', precedence=2) }}
