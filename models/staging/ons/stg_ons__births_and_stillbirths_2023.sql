{{ staged_ons_figures('births_and_stillbirths_2023', basis='occurrence', precedence=1) }}
