{#-
  The integral of exp(exponent) over the places from 0 upwards or, with a negative stride, downwards, in 24 points of Gauss and Legendre.
  Called with the exponent as a block: {% call(place) tail_integral('stride') %} … {{ place }} … {% endcall %}. The exponent is 0 at
  0 and must have fallen to about -34, where e^-34 = 2e-15 is left, at |stride| + stride²/10. The points lie closer together near 0, the
  more so the longer the way: |place| = |stride| s + stride² s²/10 for s from 0 to 1.
-#}
{% macro tail_integral(stride) -%}
    {#- The distance of each pair of points from the middle of the way, and their weight; worked out with mpmath, tested against numpy. -#}
    {%- set pairs_of_points = [
        [0.032028446431302815, 0.06396909767337608],
        [0.09555943373680816, 0.06291872817341415],
        [0.1575213398480817, 0.060835236463901696],
        [0.21689675381302256, 0.0577528340268628],
        [0.2727107356944198, 0.05372213505798282],
        [0.3240468259684878, 0.04880932605205694],
        [0.3700620957892772, 0.04309508076597664],
        [0.4100009929869515, 0.03667324070554015],
        [0.44320776350220054, 0.02964929245771839],
        [0.4691372760013664, 0.022138719408709904],
        [0.48736427798565474, 0.014265694314466832],
        [0.49759360999851066, 0.0061706148999936],
    ] -%}
    {%- set points = [] -%}
    {%- for offset, weight in pairs_of_points -%}
        {%- do points.extend([[0.5 - offset, weight], [0.5 + offset, weight]]) -%}
    {%- endfor -%}
    abs({{ stride }}) * (
        {%- for share, weight in points %}
        {%- set bent = infant_mortality.double_literal(share * share / 10) %}
        {%- set stretch = infant_mortality.double_literal(share) ~ ' + ' ~ bent ~ ' * abs(' ~ stride ~ ')' %}
        {%- set place = '(' ~ stride ~ ' * (' ~ stretch ~ '))' %}
        {{ '+ ' if not loop.first -}}
        ({{ infant_mortality.double_literal(weight) }} + {{ infant_mortality.double_literal(weight * share / 5) }} * abs({{ stride }}))
            * exp({{ caller(place) | trim }})
        {%- endfor %}
    )
{%- endmacro %}
