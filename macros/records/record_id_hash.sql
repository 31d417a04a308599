{#- A number of eight bytes for a birth_id that is no number itself. Two ids may have one number. -#}
{% macro record_id_hash(birth_id) -%}
    {{ return(adapter.dispatch('record_id_hash', 'infant_mortality')(birth_id)) }}
{%- endmacro %}

{% macro default__record_id_hash(birth_id) -%}
    cast(hash({{ birth_id }}) >> 1 as bigint)
{%- endmacro %}

{% macro spark__record_id_hash(birth_id) -%}
    xxhash64({{ birth_id }})
{%- endmacro %}
