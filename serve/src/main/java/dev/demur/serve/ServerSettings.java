package dev.demur.serve;

import dev.demur.serve.guard.GuardSettings;
import dev.demur.serve.http.ListenSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How a server is set up.
///
/// @param listen where and for whom it listens
/// @param slots answers written at once
/// @param queue requests that may wait for one
/// @param context tokens of a prompt and its answer
/// @param directions folder whose directions policies can name, and whose prompts trials ask
/// @param policies lines of the policy language under which the model can be asked by name
/// @param guard what watches prompts
/// @param studies folder for the run folders of studies and trials that clients start; without one
///   they cannot
/// @param tools what assistants can call
public record ServerSettings(
    ListenSettings listen,
    int slots,
    int queue,
    int context,
    Optional<Path> directions,
    Map<String, String> policies,
    Optional<GuardSettings> guard,
    Optional<Path> studies,
    Tools tools) {

  /// What assistants can call.
  public enum Tools {
    NONE,
    /// Explanations, scores and the audit, over the Model Context Protocol.
    MCP
  }

  private static final int USUAL_SLOTS = 16;
  private static final int USUAL_QUEUE = 64;
  private static final int USUAL_CONTEXT = 4096;

  public ServerSettings {
    policies = new LinkedHashMap<>(policies);
  }

  /// 16 answers at once, 64 waiting, 4,096 tokens each, no directions.
  public static ServerSettings usual(ListenSettings listen) {
    return new ServerSettings(
        listen,
        USUAL_SLOTS,
        USUAL_QUEUE,
        USUAL_CONTEXT,
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Tools.NONE);
  }
}
