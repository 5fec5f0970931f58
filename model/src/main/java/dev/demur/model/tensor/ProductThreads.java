package dev.demur.model.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
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

  private static final Optional<MethodHandle> OWN = own();

  private ProductThreads() {}

  /// Sets it for all threads of the process. Comes after libtorch is loaded.
  static void set(int threads) {
    if (OWN.isEmpty()) {
      openblas.blas_set_num_threads(threads);
      return;
    }
    try {
      OWN.get().invokeExact(threads);
    } catch (Throwable e) { // a method handle may throw anything by its signature; this one cannot
      throw new LinkageError("openblas_set_num_threads could not be called", e);
    }
  }

  @SuppressWarnings("restricted") // void openblas_set_num_threads(int), by OpenBLAS's cblas.h
  private static Optional<MethodHandle> own() {
    return SymbolLookup.loaderLookup()
        .find("openblas_set_num_threads")
        .map(
            address ->
                Linker.nativeLinker()
                    .downcallHandle(address, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)));
  }
}
