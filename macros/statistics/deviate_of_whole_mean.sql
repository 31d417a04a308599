{#-
  The normal deviate whose upper tail is P(X <= k) of a Poisson count, k the whole part of its mean; for means of 60 or more (NULL
  below).
-#}
{% macro deviate_of_whole_mean(mean) -%}
    {%- set shape = '(floor(' ~ mean ~ ') + 1e0)' -%}
    {%- set deviation = '((' ~ mean ~ ' - ' ~ shape ~ ') / sqrt(' ~ shape ~ '))' -%}
    {%- set expansion_terms = [
        [0, 1],
        [1 / 3, 0, -1 / 3],
        [0, -1 / 36, 0, 7 / 36],
        [13 / 1620, 0, 7 / 810, 0, -73 / 540],
        [0, 119 / 38880, 0, -19 / 4860, 0, 1331 / 12960],
        [-619 / 163296, 0, -2041 / 816480, 0, 569 / 272160, 0, -22409 / 272160],
        [0, 215827 / 146966400, 0, 271427 / 146966400],
        [-379313 / 440899200, 0, -125723 / 220449600],
        [0, -7523779 / 21163161600],
        [25440633059 / 31427294976000],
    ] -%}
    {%- set terms = [] -%}
    {%- for term in expansion_terms -%}
        {%- do terms.append(polynomial(deviation, term) ~ ' / power(' ~ shape ~ ', ' ~ (loop.index0 / 2) ~ ')') -%}
    {%- endfor -%}
    case when {{ mean }} >= 60e0 then {{ terms | join(' + ') }} end
{%- endmacro %}
