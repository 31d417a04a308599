{#- The ten columns at_or_above_0 ... at_or_above_9 read out of the two words that bin_weight describes. -#}
{% macro areas_at_or_above_bins(word_0, word_1) -%}
    {%- for bin in range(10) %}
        {%- set word = word_0 if bin < 5 else word_1 %}
        {%- set place = 1024 ** (bin % 5) %}
        floor({{ word }} / {{ place }}e0) - 1024 * floor({{ word }} / {{ place * 1024 }}e0) as at_or_above_{{ bin }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
