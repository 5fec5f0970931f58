package dev.demur.model.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/// How long the native libraries' threads look out for work before they sleep.
///
/// libtorch brings two pools, OpenMP's for most operations and OpenBLAS' for float32 products. Left
/// alone each keeps its threads turning for milliseconds after the last operation, on cores the
/// other pool (or a kernel of ours) needs: a pass with a product of each kind in every block took
/// three times as long (docs/performance.md). Both read the environment when they are loaded, so
/// this comes first.
final class IdleThreads {

  /// Names as the libraries know them. OpenBLAS counts powers of two of cycles, 4 being the least
  /// it takes; GNU OpenMP turns of a loop, of which a thousand are some microseconds.
  private static final Map<String, String> SETTINGS =
      Map.of("OPENBLAS_THREAD_TIMEOUT", "4", "GOMP_SPINCOUNT", "1000");

  /// Of setenv(3): what the user has set stays.
  private static final int KEEP = 0;

  private IdleThreads() {}

  /// Makes them sleep early. Does nothing where there is no setenv, or once libtorch is loaded.
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
    try (var arena = Arena.ofConfined()) {
      for (var setting : SETTINGS.entrySet()) {
        var name = arena.allocateFrom(setting.getKey());
        // −1 says there is no memory; threads then rest as late as they always did.
        var _ = (int) setenv.get().invokeExact(name, arena.allocateFrom(setting.getValue()), KEEP);
      }
    } catch (Throwable e) { // a method handle may throw anything by its signature; this one cannot
      throw new LinkageError("setenv could not be called", e);
    }
  }
}
