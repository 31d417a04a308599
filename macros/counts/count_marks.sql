{#- The marks that publishers print where a count would stand, and what each one says. Kept once, here. -#}
{% macro count_marks() -%}
    {{ return({
        'nil': ['-'],
        'suppressed': ['*', '[c]', 'c'],
        'missing': [':', '..', '.', '[x]', 'x', 'z', '[z]', '(blank)'],
    }) }}
{%- endmacro %}
