package dev.demur.model.hub;

import dev.demur.model.remedy.Remedied;
import dev.demur.model.remedy.Remedy;
import java.io.IOException;
import java.io.Serial;
import java.util.List;

/// The hub, or what stands in for it, did not give what was asked for. The message is one line:
/// what was asked of whom, what came, what to do.
public final class HubException extends IOException implements Remedied {

  @Serial private static final long serialVersionUID = 1L;

  private final transient List<Remedy> remedies;

  /// @param message one line
  public HubException(String message) {
    super(message);
    this.remedies = List.of();
  }

  /// @param message one line
  /// @param cause what the network or a library said
  public HubException(String message, Throwable cause) {
    super(message, cause);
    this.remedies = List.of();
  }

  /// @param message one line
  /// @param remedies what helps, most useful first
  public HubException(String message, List<? extends Remedy> remedies) {
    super(message);
    this.remedies = List.copyOf(remedies);
  }

  @Override
  public List<Remedy> remedies() {
    return remedies;
  }
}
