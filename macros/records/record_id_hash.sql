{#- A number for each birth_id, by which double ids are looked for: it takes eight bytes of memory, however long the id. Two ids may
    have one number, so that what is found by it is looked at again. -#}
{% macro record_id_hash(birth_id) -%}
    {{ return(adapter.dispatch('record_id_hash', 'infant_mortality')(birth_id)) }}
{%- endmacro %}

{% macro default__record_id_hash(birth_id) -%}
    {{ birth_id }}
{%- endmacro %}

{% macro duckdb__record_id_hash(birth_id) -%}
    hash({{ birth_id }})
{%- endmacro %}

{% macro spark__record_id_hash(birth_id) -%}
    xxhash64({{ birth_id }})
{%- endmacro %}
