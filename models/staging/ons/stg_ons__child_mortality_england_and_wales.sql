{{ staged_ons_figures('child_mortality_england_and_wales', basis='occurrence', precedence=1) }}
