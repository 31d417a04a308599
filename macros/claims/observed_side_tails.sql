{#- The select of the exact chance, for each row of a table of binomial counts (event_count, event_total, event_share), of a count at least
    as far from its mean as the one seen, on the side where it was seen: the points of that tail added up one by one. A handful of tests
    costs less this way than the continued fraction that serves the millions of pairs of areas, whose long expression takes seconds to plan. -#}
{% macro observed_side_tails(tested, keys, whole_numbers) -%}
select
    {% for key in keys -%}
    {{ tested }}.{{ key }},
    {% endfor -%}
    sum({{ binomial_point_probability(
        'cast(' ~ whole_numbers ~ '.whole_number as ' ~ double_type() ~ ')', tested ~ '.event_total', tested ~ '.event_share'
    ) }}) as tail_probability
from {{ tested }}
inner join {{ whole_numbers }}
    on {{ whole_numbers }}.whole_number between
    case when {{ tested }}.event_count >= {{ tested }}.event_total * {{ tested }}.event_share then {{ tested }}.event_count else 0 end
    and case
        when {{ tested }}.event_count >= {{ tested }}.event_total * {{ tested }}.event_share then {{ tested }}.event_total
        else {{ tested }}.event_count
    end
group by
    {% for key in keys -%}
    {{ tested }}.{{ key }}{{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}
