/// Reads rows of named text fields from the file formats of research data: text, JSON lists, JSON
/// Lines, CSV, TSV and Parquet.
///
/// Input: a file. Output: [Rows] of one shape, so that the packages above ask for a column by name
/// and never for a format.
///
/// Start with [Rows]. Every [Row] knows its place, so that an error can name it.
@NullMarked
package dev.demur.lab.rows;

import org.jspecify.annotations.NullMarked;
