# SPDX-License-Identifier: Apache-2.0
# Rscript statistics.R DIR ROUNDS: R's half of statistics_benchmark, on the data that it left in DIR. One line a call:
# name, CPU seconds (user and system, median of the rounds), then the numbers that are compared.
# Needs r-cran-survival; with r-cran-cmprsk and r-cran-metafor it runs crr and rma too.
suppressMessages(library(survival))
args <- commandArgs(TRUE); dir <- args[1]; rounds <- as.integer(args[2])
column <- function(name) { f <- file.path(dir, name); readBin(f, "double", file.size(f) / 8) }
have <- function(package) suppressWarnings(suppressMessages(require(package, character.only = TRUE, quietly = TRUE)))
cpu <- function(f, times = rounds) { t <- numeric(times); for (i in seq_len(times)) { gc(FALSE); b <- proc.time(); v <- f(); e <- proc.time() - b; t[i] <- e[1] + e[2] }; list(seconds = median(t), value = v) }
say <- function(name, r, numbers) cat(name, format(r$seconds, digits = 6), format(numbers, digits = 15), "\n")

d <- data.frame(time = column("time"), day = column("day"), event = column("event"), arm = column("arm"))
for (j in 1:5) d[[paste0("x", j)]] <- column(paste0("x", j))
km <- function(f) { last <- function(x) x[length(x)]; c(sum(f$surv), last(f$surv), last(f$std.err)) }
r <- cpu(function() survfit(Surv(time, event) ~ 1, d)); say("survfit_continuous", r, km(r$value))
r <- cpu(function() survdiff(Surv(time, event) ~ arm, d)); say("survdiff_continuous", r, c(r$value$chisq))
r <- cpu(function() list(survfit(Surv(day, event) ~ arm, d), survdiff(Surv(day, event) ~ arm, d))); say("survfit_survdiff_days", r, c(sum(r$value[[1]]$surv), r$value[[2]]$chisq))
ctl <- coxph.control(timefix = FALSE)
r <- cpu(function() coxph(Surv(time, event) ~ x1 + x2 + x3 + x4 + x5, d, control = ctl)); say("coxph_5", r, c(coef(r$value), sqrt(diag(r$value$var)), r$value$loglik[2]))
x <- as.matrix(d[paste0("x", 1:5)]); y <- Surv(d$time, d$event); names <- as.character(seq_along(d$time))
r <- cpu(function() coxph.fit(x, y, NULL, NULL, rep(0, 5), ctl, NULL, "efron", names)); say("coxph_fit_5", r, c(r$value$coefficients, sqrt(diag(r$value$var)), r$value$loglik[2]))
if (have("cmprsk")) {
  k <- 2000; i <- seq_len(k); cause <- column("cause")
  r <- cpu(function() crr(d$time[i], cause[i], x[i, 1:2], gtol = 1e-10), 1); say("crr_2_on_2000", r, c(r$value$coef, sqrt(diag(r$value$var))))
}
if (have("metafor")) {
  yi <- matrix(column("yi"), nrow = 20); vi <- matrix(column("vi"), nrow = 20); m <- 100
  each <- function(...) vapply(seq_len(m), function(i) { f <- rma(yi[, i], vi[, i], ...); c(f$beta[1], f$se) }, c(0, 0))
  control <- list(threshold = 1e-11, maxiter = 1000)
  r <- cpu(function() each(method = "DL"), 1); say("rma_dl_100", r, rowSums(r$value))
  r <- cpu(function() each(method = "REML", control = control), 1); say("rma_reml_100", r, rowSums(r$value))
  r <- cpu(function() each(method = "REML", test = "knha", control = control), 1); say("rma_hk_100", r, rowSums(r$value))
}
