{#-
  The z beyond which a standard normal variable lies with the probability `tail`, between 0 and 1: algorithm AS 241, PPND16, of Wichura
  (1988, "The percentage points of the normal distribution", Applied Statistics 37), to sixteen digits. For a level of confidence that is
  known only when the query runs; for one known before, standard_normal_quantile has the number itself.
-#}
{% macro normal_quantile(tail) -%}
    {%- set middle_numerator = [
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
        67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
    ] -%}
    {%- set middle_denominator = [
        1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867, 39307.895800092710610,
        28729.085735721942674, 5226.4952788528545610,
    ] -%}
    {%- set outer_numerator = [
        1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504, 1.27045825245236838258,
        0.241780725177450611770, 0.0227238449892691845833, 0.000774545014278341407640,
    ] -%}
    {%- set outer_denominator = [
        1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590,
        0.0151986665636164571966, 0.000547593808499534494600, 1.05075007164441684324e-9,
    ] -%}
    {%- set far_numerator = [
        6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230, 0.0265321895265761230930,
        0.00124266094738807843860, 0.0000271155556874348757815, 2.01033439929228813265e-7,
    ] -%}
    {%- set far_denominator = [
        1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 0.000786869131145613259100,
        0.0000184631831751005468180, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
    ] -%}
    {%- set offset = '(0.5e0 - ' ~ tail ~ ')' -%}
    {%- set square = '(0.180625e0 - ' ~ offset ~ ' * ' ~ offset ~ ')' -%}
    {%- set root = 'sqrt(-ln(least(' ~ tail ~ ', 1e0 - ' ~ tail ~ ')))' -%}
    {%- set outer = '(' ~ root ~ ' - 1.6e0)' -%}
    {%- set far = '(' ~ root ~ ' - 5e0)' -%}
    case
        when {{ tail }} <= 0e0 or {{ tail }} >= 1e0 then cast(null as double precision)
        when abs({{ offset }}) <= 0.425e0
            then {{ offset }} * {{ infant_mortality.polynomial(square, middle_numerator) }}
                / {{ infant_mortality.polynomial(square, middle_denominator) }}
        else case when {{ tail }} < 0.5e0 then 1e0 else -1e0 end * case
            when {{ root }} <= 5e0
                then {{ infant_mortality.polynomial(outer, outer_numerator) }} / {{ infant_mortality.polynomial(outer, outer_denominator) }}
            else {{ infant_mortality.polynomial(far, far_numerator) }} / {{ infant_mortality.polynomial(far, far_denominator) }}
        end
    end
{%- endmacro %}
