# Peers in R from Debian, for peers.py: reads the questions in a folder, writes the answers and the seconds there.
# Needs r-base-core, r-cran-epitools, r-cran-spdep, r-cran-segmented.
suppressWarnings(suppressPackageStartupMessages({library(epitools); library(spdep); library(segmented)}))
folder <- commandArgs(trailingOnly = TRUE)[1]
asked <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))
seconds <- list()
answered <- function(name, answer) {
    began <- proc.time()[["elapsed"]]
    values <- answer()
    seconds[[name]] <<- proc.time()[["elapsed"]] - began
    write.csv(data.frame(values), file.path(folder, paste0("r_", name, ".csv")), row.names = FALSE)
}

counts <- asked("counts")
answered("tails", function() with(counts,
    pmin(1, 2 * pmin(ppois(deaths, expected), ppois(deaths - 1, expected, lower.tail = FALSE)))))
answered("quantiles", function() with(counts[counts$deaths > 0, ],
    data.frame(lower = qgamma(0.025, deaths), upper = qgamma(0.975, deaths + 1))))
few <- asked("some_counts")
answered("poisson_test", function() mapply(function(n, m) poisson.test(n, r = m)$p.value, few$deaths, few$expected))
answered("pois_exact", function() pois.exact(few$deaths, few$births)[c("lower", "upper")] * 1000)
answered("pois_byar", function() pois.byar(few$deaths, few$births)[c("lower", "upper")] * 1000)

tests <- asked("tests")
answered("p_adjust", function() ave(tests$p, tests$ranking, FUN = function(p) p.adjust(p, "BH")))
changes <- asked("changes")
answered("binom_test", function() mapply(function(n, all, share) binom.test(n, all, share)$p.value, changes$n, changes$all, changes$share))

ranked <- asked("ranked")
answered("ebest", function() unsplit(lapply(split(ranked, ranked$ranking), function(one) 1000 * EBest(one$deaths, one$births)$estmm), ranked$ranking))

series <- asked("series")
answered("glm", function() sapply(split(series, series$series), function(one)
    100 * expm1(coef(glm(deaths ~ year + offset(log(births)), poisson, one))[["year"]])))
bent <- asked("bent")
# The year, and the deviance of that fit beside the one that bends where this project says.
answered("break_year", function() t(sapply(split(bent, bent$series), function(one) {
    set.seed(1)
    straight <- glm(deaths ~ year + offset(log(births)), poisson, one)
    found <- tryCatch(suppressWarnings(segmented(straight, seg.Z = ~year)), error = function(problem) NULL)
    at_ours <- glm(deaths ~ year + pmax(year - ours, 0) + offset(log(births)), poisson, one)
    if (is.null(found) || is.null(found$psi)) c(NA, NA, at_ours$deviance)
    else c(found$psi[1, "Est."], found$deviance, at_ours$deviance)
})))

versions <- sapply(c("epitools", "spdep", "segmented"), function(name) as.character(packageVersion(name)))
write.csv(data.frame(name = c("R", names(versions), names(seconds)),
                     value = c(as.character(getRversion()), versions, unlist(seconds))),
          file.path(folder, "r_told.csv"), row.names = FALSE)
