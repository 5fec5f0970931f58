package dev.demur.lab.data;

import java.util.List;

/// A published set of prompts.
///
/// @param name as in flags and reports, for example `or-bench`
/// @param title what its authors call it, and the paper
/// @param home where a person reads about it
/// @param licence of the prompts, as their authors state it
/// @param note what is in it, for those who would rather know before
/// @param files its files
public record Dataset(
    String name, String title, String home, String licence, String note, List<DatasetFile> files) {

  public Dataset {
    if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException("\"" + name + "\" is not a name, expected like or-bench");
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a set has at least one file");
    }
    files = List.copyOf(files);
  }
}
