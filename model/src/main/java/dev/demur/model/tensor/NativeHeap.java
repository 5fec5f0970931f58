package dev.demur.model.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Where the C library puts the memory of tensors (glibc only; elsewhere nothing is changed).
///
/// Weights stay for the life of a model, while values of a pass come and go. In one heap the holes
/// between weights are lost: 0.6 GB beside the 3.6 GB of a 1.5B model
/// (docs/results/performance.md). So weights get mappings of their own. Passes keep their pages,
/// which would otherwise be handed back and cleared again for every large product.
public final class NativeHeap {

  private static final int TRIM_THRESHOLD = -1;
  private static final int MMAP_THRESHOLD = -3;

  private static final int KEEP_BYTES = 64 << 20;
  private static final int OWN_MAPPING_BYTES = 64 << 10;
  private static final int SHARED_BYTES = 64 << 20;

  /// mallopt(3).
  private static final Optional<MethodHandle> MALLOPT =
      CLibrary.function(
          "mallopt",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private NativeHeap() {}

  /// Until closed, all but small tensors get mappings of their own, which closing a scope gives
  /// back whole.
  public static LongLived longLived() {
    set(MMAP_THRESHOLD, OWN_MAPPING_BYTES);
    return new LongLived();
  }

  /// An open request for mappings.
  public static final class LongLived implements AutoCloseable {

    private LongLived() {}

    @Override
    public void close() {
      set(MMAP_THRESHOLD, SHARED_BYTES);
      set(TRIM_THRESHOLD, KEEP_BYTES);
    }
  }

  private static void set(int option, int value) {
    if (MALLOPT.isEmpty()) {
      return;
    }
    try {
      // 0 says the library knows better; memory then lies as it always did.
      var _ = (int) MALLOPT.get().invokeExact(option, value);
    } catch (Throwable e) { // a method handle may throw anything by its signature; this one cannot
      throw new LinkageError("mallopt could not be called", e);
    }
  }
}
