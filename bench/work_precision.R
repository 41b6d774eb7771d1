# SPDX-License-Identifier: Apache-2.0
# Rscript work_precision.R FILE.csv PICTURE.svg: time a course against the error that it has, from engine_benchmark's file.
args <- commandArgs(TRUE)
d <- read.csv(args[1])
d$integrator <- sub("RODAS in lanes", "ours", d$integrator)
d <- d[ave(d$tolerance, d$courses, d$integrator, FUN = length) > 1, ]  # ladders only
colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7")
svg(args[2], width = 9, height = 4.5)
par(mfrow = c(1, 2), mar = c(4, 4, 2, 1))
for (courses in unique(d$courses)) {
  part <- d[d$courses == courses, ]
  plot(part$error, part$milliseconds, log = "xy", type = "n", main = courses, xlab = "error of ln tumour burden, 99 % of scans", ylab = "ms a course, one thread")
  names <- unique(part$integrator)
  for (i in seq_along(names)) {
    line <- part[part$integrator == names[i], ]
    line <- line[order(line$tolerance), ]
    lines(line$error, line$milliseconds, type = "b", col = colours[i], pch = i, lty = i)
  }
  legend("right", names, col = colours[seq_along(names)], pch = seq_along(names), lty = seq_along(names), bty = "n")
}
invisible(dev.off())
