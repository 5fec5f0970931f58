package dev.demur.model.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
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

  /// madvise(2), where not needing private pages means that they read as zeros: on Linux.
  private static final Optional<MethodHandle> MADVISE =
      System.getProperty("os.name").equals("Linux")
          ? CLibrary.function(
              "madvise",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT))
          : Optional.empty();

  private static final int DONT_NEED = 4;

  /// Pages are of this size or a divisor of it.
  private static final long PAGE = 64 << 10;

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

  /// Zeros that take memory as they are written, where the system allows: for tensors that may
  /// never be full.
  public static Tensor roomFor(Device device, DType dtype, long... shape) {
    if (!device.isHost()) {
      return Tensor.zeros(device, dtype, shape);
    }
    var tensor = Tensor.empty(device, dtype, shape);
    clear(tensor.segment());
    return tensor;
  }

  /// Makes memory read as zeros: by giving its pages back, which then take no memory of the machine
  /// until they are touched, or by writing where that is not to be had.
  private static void clear(MemorySegment memory) {
    long first = (memory.address() + PAGE - 1) / PAGE * PAGE - memory.address();
    long last = (memory.address() + memory.byteSize()) / PAGE * PAGE - memory.address();
    if (MADVISE.isEmpty() || last <= first || !isGiven(memory.asSlice(first, last - first))) {
      memory.fill((byte) 0);
      return;
    }
    memory.asSlice(0, first).fill((byte) 0);
    memory.asSlice(last).fill((byte) 0);
  }

  /// Gives whole pages back to the system, which then reads them as zeros.
  private static boolean isGiven(MemorySegment pages) {
    var madvise = MADVISE.orElseThrow();
    long bytes = pages.byteSize();
    return CLibrary.call(() -> (int) madvise.invokeExact(pages, bytes, DONT_NEED) == 0);
  }

  private static void set(int option, int value) {
    if (MALLOPT.isEmpty()) {
      return;
    }
    var mallopt = MALLOPT.get();
    // 0 says the library knows better; memory then lies as it always did.
    CLibrary.call(() -> (int) mallopt.invokeExact(option, value) == 1);
  }
}
