package dev.demur.model.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/// How long idle threads of the native libraries wait for work before they sleep.
///
/// libtorch has two pools, OpenMP's for most operations and OpenBLAS' for float32 products. By
/// default each keeps its threads spinning for milliseconds after the last operation, on cores that
/// the other pool (or a kernel of ours) needs. A pass with a product of each kind in every block
/// took three times as long (docs/results/performance.md). Both libraries read the environment when
/// they are loaded, so these settings must be made before.
final class IdleThreads {

  /// Names as the libraries know them. OpenBLAS counts powers of two of cycles and takes at least
  /// 4. GNU OpenMP counts turns of a loop; a thousand turns are some microseconds.
  private static final Map<String, String> SETTINGS =
      Map.of("OPENBLAS_THREAD_TIMEOUT", "4", "GOMP_SPINCOUNT", "1000");

  /// For setenv(3): keep what the user has set.
  private static final int KEEP = 0;

  private IdleThreads() {}

  /// Makes idle threads sleep early. Without setenv, or once libtorch is loaded, this does nothing.
  static void sleepEarly() {
    var setenv =
        CLibrary.function(
            "setenv", // setenv(3)
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    if (setenv.isEmpty()) {
      return;
    }
    var function = setenv.get();
    try (var arena = Arena.ofConfined()) {
      for (var setting : SETTINGS.entrySet()) {
        var name = arena.allocateFrom(setting.getKey());
        var value = arena.allocateFrom(setting.getValue());
        // −1 says there is no memory; threads then rest as late as they always did.
        CLibrary.call(() -> (int) function.invokeExact(name, value, KEEP) == 0);
      }
    }
  }
}
