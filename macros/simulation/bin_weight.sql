{#-
  What a draw in a bin adds to a word. Two words of five ten-bit places hold, for each of ten bins, how many areas stand in it or above it: a draw
  in bin 6 adds one to each of the places 0 to 4 of word 0 and 0 to 1 of word 1. Words are doubles below 2^53, so that sums are exact in
  any order; fewer than 1,024 areas.
-#}
{% macro bin_weight(word, bin_number) -%}
    case {{ bin_number }}
        {%- for bin in range(10) %}
        {%- set places = [[bin - 5 * word + 1, 0] | max, 5] | min %}
        when {{ bin }} then {{ (1024 ** places - 1) // 1023 }}e0
        {%- endfor %}
    end
{%- endmacro %}
