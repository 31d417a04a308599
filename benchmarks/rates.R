# The side of R in rates.py: `Rscript rates.R COUNTS ANSWERS` reads and writes CSV, and prints the seconds between.
# Exact limits below ten deaths and Byar's from ten on, all rows at once.
files <- commandArgs(trailingOnly = TRUE)
counts <- read.csv(files[1])
began <- proc.time()
rates <- with(counts, {
    above <- numerator + 1
    limits <- lapply(c(0.95, 0.998), function(level) {
        tail <- (1 - level) / 2
        z <- qnorm(1 - tail)
        lower <- numerator * (1 - 1 / (9 * numerator) - z / (3 * sqrt(numerator)))^3
        upper <- above * (1 - 1 / (9 * above) + z / (3 * sqrt(above)))^3
        few <- numerator < 10
        lower[few] <- qchisq(tail, 2 * numerator[few]) / 2
        upper[few] <- qchisq(1 - tail, 2 * above[few]) / 2
        cbind(1000 * lower / denominator, 1000 * upper / denominator)
    })
    data.frame(1000 * numerator / denominator, limits[[1]], limits[[2]])
})
took <- proc.time() - began
cat(took[["elapsed"]], took[["user.self"]] + took[["sys.self"]])
names(rates) <- c("rate_per_1000", "lower_95", "upper_95", "lower_99_8", "upper_99_8")
write.csv(rates, files[2], row.names = FALSE)
