{{ staged_ons_figures('deaths_registered_by_area', basis='registration', precedence=1) }}
