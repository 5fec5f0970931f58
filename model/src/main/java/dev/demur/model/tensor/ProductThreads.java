package dev.demur.model.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.bytedeco.openblas.global.openblas;

/// How many threads share out one product of OpenBLAS, which has a pool of its own.
///
/// JavaCPP's function for it searches for several makers' libraries at every call, for a
/// millisecond, longer than the attention of a short prompt takes. Here OpenBLAS's own is called
/// where it is loaded.
final class ProductThreads {

  /// By OpenBLAS's cblas.h.
  private static final Optional<MethodHandle> OWN =
      CLibrary.loaded("openblas_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));

  private ProductThreads() {}

  /// Sets it for all threads of the process. Comes after libtorch is loaded.
  static void set(int threads) {
    if (OWN.isEmpty()) {
      openblas.blas_set_num_threads(threads);
      return;
    }
    var own = OWN.get();
    CLibrary.call(
        () -> {
          own.invokeExact(threads);
          return true;
        });
  }
}
