package dev.demur.model.remedy;

import java.util.List;

/// An exception that knows what helps. Its message says it in words; the values are for a front end
/// that can say how it is done there.
public interface Remedied {

  /// What helps, most useful first; empty if only the message knows.
  List<Remedy> remedies();
}
