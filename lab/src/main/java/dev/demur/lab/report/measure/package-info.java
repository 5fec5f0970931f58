/// Single measurements as reports: benchmarks, judged completions, speed and passes.
@NullMarked
package dev.demur.lab.report.measure;

import org.jspecify.annotations.NullMarked;
