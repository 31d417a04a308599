{{ staged_ons_figures('child_mortality_by_area', basis='occurrence', precedence=1) }}
