{#- The 2.5 % or 97.5 % point of a gamma distribution (rate 1): the answer itself for a shape of 20 or more, a starting
    point for gamma_quantile_refined below that.
    Shape a and deviate z: x = a + √a (z + w1/√a + w2/a + …), the Cornish-Fisher expansion; each w is a polynomial in z that follows from
    √a w' f(x) = φ(z) with Stirling's series for Γ(a), so that only powers of 1/√a remain here. -#}
{% macro gamma_quantile_start(shape, tail) -%}
    {%- set deviate = (standard_normal_quantile('95') | float) * (-1 if tail == 'lower' else 1) -%}
    {%- set expansion_terms = [
        [0, 1],
        [-1 / 3, 0, 1 / 3],
        [0, -7 / 36, 0, 1 / 36],
        [8 / 405, 0, -7 / 810, 0, -1 / 270],
        [0, -433 / 38880, 0, 8 / 1215, 0, 1 / 4320],
        [184 / 25515, 0, -923 / 204120, 0, -1 / 840, 0, 1 / 17010],
        [0, 289717 / 146966400, 0, 289517 / 146966400, 0, -1451 / 48988800, 0, -139 / 5443200],
        [2248 / 3444525, 0, -104989 / 55112400, 0, -151 / 874800, 0, 769 / 9185400, 0, 1 / 204120],
        [0, 1500053 / 846526464, 0, 219257 / 661348800, 0, -30469 / 235146240, 0, -1087 / 41990400, 0, -571 / 2351462400],
        [-19006408 / 15345358875, 0, -96026707 / 280600848000, 0, 101251277 / 654735312000, 0, 997903 / 15588936000, 0,
         49271 / 15588936000, 0, -281 / 1515591000],
        [0, 487855454729 / 2639892777984000, 0, -556030221167 / 2639892777984000, 0, -15974596457 / 146660709888000, 0,
         -252836779 / 20951529984000, 0, 209488529 / 293321419776000, 0, 163879 / 2172751257600],
        [-5667959576 / 12567848918625, 0, 1069525622411 / 3217369323168000, 0, 11414859619 / 71497096070400, 0,
         1386098437 / 53622822052800, 0, -329677 / 255346771680, 0, -1316963 / 2708223336000, 0, -5221 / 354648294000],
    ] -%}
    {%- set at_deviate = [] -%}
    {%- for term in expansion_terms -%}
        {%- set value = namespace(sum=0) -%}
        {%- for coefficient in term | reverse -%}
            {%- set value.sum = value.sum * deviate + coefficient -%}
        {%- endfor -%}
        {%- do at_deviate.append(value.sum) -%}
    {%- endfor -%}
    case
        when {{ shape }} >= {{ '1e0' if tail == 'lower' else '0.8e0' }}
            then {{ shape }} + sqrt({{ shape }}) * {{ polynomial('(1e0 / sqrt(' ~ shape ~ '))', at_deviate) }}
        {%- if tail == 'upper' %}
        -- Wilson and Hilferty's cube: near enough to start from.
        when {{ shape }} > 0e0 then {{ shape }} * power(greatest(
            1e0 - 1e0 / (9e0 * {{ shape }}) + {{ double_literal(deviate) }} / (3e0 * sqrt({{ shape }})), 0e0), 3)
        {%- else %}
        -- The leading term of P(a, x) = x^a / Γ(a + 1) + …; an exponent below -690 would underflow.
        when {{ shape }} > 0e0 then exp(greatest((ln(0.025e0) + {{ log_gamma('(' ~ shape ~ ' + 1e0)') }}) / {{ shape }}, -690e0))
        {%- endif %}
    end
{%- endmacro %}
