package dev.demur.model.remedy;

import java.io.Serial;
import java.util.List;

/// A request that cannot be met as it stands, with what to ask for instead.
public final class RequestException extends IllegalArgumentException implements Remedied {

  @Serial private static final long serialVersionUID = 1L;

  private final transient List<Remedy> remedies;

  /// @param message one line: what was asked for, why it cannot be, what to do
  /// @param remedies what to ask for instead, most useful first
  public RequestException(String message, List<? extends Remedy> remedies) {
    super(message);
    this.remedies = List.copyOf(remedies);
  }

  @Override
  public List<Remedy> remedies() {
    return remedies;
  }
}
