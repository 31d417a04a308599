{#-
  The four ends of the rank intervals: 1 + the areas significantly higher, and the areas ranked less those significantly lower. `rates` and
  `rejections` are the names of the two relations; no row in `rejections` means that no area differs.
-#}
{% macro rank_interval_columns(rates, rejections) -%}
    {%- for correction, name in [("holm", "rank_interval"), ("pairwise", "rank_pairwise")] %}
        case when {{ rates }}.rank_highest_first is not null then 1 + coalesce({{ rejections }}.areas_higher_{{ correction }}, 0) end
            as {{ name }}_lower,
        {{ rates }}.areas_ranked - coalesce({{ rejections }}.areas_lower_{{ correction }}, 0) as {{ name }}_upper
        {{- "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
