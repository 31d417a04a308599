{#- 1 + r1 (1 + r2 (1 + r3 (1 + …))): a series by the ratios of its terms. Written in blocks of ten, each the product of the ratios
    before it times a nest of its own, so that brackets do not stand deeper than linters and parsers follow. -#}
{% macro nested_series(ratios) -%}
    {%- set series = namespace(sql='1e0') -%}
    {%- for block in ratios | batch(10) | list | reverse -%}
        {%- set nest = namespace(sql='1e0') -%}
        {%- for ratio in block[:-1] | reverse -%}
            {%- set nest.sql = '(1e0 + ' ~ ratio ~ ' * ' ~ nest.sql ~ ')' -%}
        {%- endfor -%}
        {%- set series.sql = '(' ~ nest.sql ~ ' + ' ~ block | join(' * ') ~ ' * ' ~ series.sql ~ ')' -%}
    {%- endfor -%}
    {{ series.sql }}
{%- endmacro %}
