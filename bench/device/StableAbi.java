import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// A trial, not a part of Demur: libtorch's stable C functions through `java.lang.foreign`, without
/// JNI. Run: `java --enable-native-access=ALL-UNNAMED bench/device/StableAbi.java TORCH/lib`.
/// Decision 18 has what it said.
final class StableAbi {

  private static final long VERSION = 2L << 56 | 11L << 48;
  private static final int ROUNDS = 20_000;

  private final Arena arena = Arena.global();
  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup symbols;
  private final MethodHandle fromBlob;
  private final MethodHandle newHandle;
  private final MethodHandle delete;
  private final MethodHandle data;
  private final MethodHandle call;

  StableAbi(Path folder) {
    SymbolLookup.libraryLookup(folder.resolve("libc10.so"), arena);
    symbols = SymbolLookup.libraryLookup(folder.resolve("libtorch_cpu.so"), arena);
    fromBlob =
        function(
            "aoti_torch_create_tensor_from_blob",
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS);
    newHandle = function("aoti_torch_new_tensor_handle", ADDRESS, ADDRESS);
    delete = function("aoti_torch_delete_tensor_object", ADDRESS);
    data = function("aoti_torch_get_data_ptr", ADDRESS, ADDRESS);
    call = function("torch_call_dispatcher", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
  }

  private MethodHandle function(String name, MemoryLayout... arguments) {
    return linker.downcallHandle(
        symbols.find(name).orElseThrow(), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private int constant(String name) throws Throwable {
    var descriptor = FunctionDescriptor.of(JAVA_INT);
    return (int) linker.downcallHandle(symbols.find(name).orElseThrow(), descriptor).invokeExact();
  }

  private static void check(int code) {
    if (code != 0) {
      throw new IllegalStateException("libtorch answered " + code);
    }
  }

  MemorySegment tensor(long rows, long columns) throws Throwable {
    var memory = arena.allocate(rows * columns * Float.BYTES, 64);
    for (long i = 0; i < rows * columns; i++) {
      memory.setAtIndex(JAVA_FLOAT, i, (i * 37 % 101) / 101f - 0.5f);
    }
    var result = arena.allocate(ADDRESS);
    check(
        (int)
            fromBlob.invokeExact(
                memory,
                2L,
                arena.allocateFrom(JAVA_LONG, rows, columns),
                arena.allocateFrom(JAVA_LONG, columns, 1),
                0L,
                constant("aoti_torch_dtype_float32"),
                constant("aoti_torch_device_type_cpu"),
                0,
                result));
    return result.get(ADDRESS, 0);
  }

  /// An operation of which every argument is a tensor; a null one is an absent optional.
  MemorySegment apply(MemorySegment name, MemorySegment overload, MemorySegment... arguments)
      throws Throwable {
    try (var own = Arena.ofConfined()) {
      var stack = own.allocate(JAVA_LONG, Math.max(1, arguments.length));
      for (int i = 0; i < arguments.length; i++) {
        long value = 0;
        if (arguments[i] != null) { // the call takes its arguments' handles away
          var handle = own.allocate(ADDRESS);
          check((int) newHandle.invokeExact(arguments[i], handle));
          value = handle.get(ADDRESS, 0).address();
        }
        stack.setAtIndex(JAVA_LONG, i, value);
      }
      check((int) call.invokeExact(name, overload, stack, VERSION));
      return MemorySegment.ofAddress(stack.get(JAVA_LONG, 0));
    }
  }

  void free(MemorySegment tensor) throws Throwable {
    check((int) delete.invokeExact(tensor));
  }

  float first(MemorySegment tensor) throws Throwable {
    var result = arena.allocate(ADDRESS);
    check((int) data.invokeExact(tensor, result));
    return result.get(ADDRESS, 0).reinterpret(Float.BYTES).get(JAVA_FLOAT, 0);
  }

  void measure() throws Throwable {
    var none = arena.allocateFrom("");
    var linear = arena.allocateFrom("aten::linear");
    var sigmoid = arena.allocateFrom("aten::sigmoid");
    var x = tensor(1024, 2048);
    var weight = tensor(2048, 2048);
    float expected = 0;
    for (int i = 0; i < 2048; i++) {
      float value = (i * 37 % 101) / 101f - 0.5f;
      expected += value * value;
    }
    var y = apply(linear, none, x, weight, null);
    System.out.printf("linear: first element %.4f, expected %.4f%n", first(y), expected);
    free(y);
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 8; round++) {
      long start = System.nanoTime();
      free(apply(linear, none, x, weight, null));
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    System.out.printf("linear: %.1f GFLOP/s%n", 2.0 * 1024 * 2048 * 2048 / best / 1e9);
    var one = tensor(1, 1);
    long start = 0;
    for (int round = -ROUNDS; round < ROUNDS; round++) {
      if (round == 0) {
        start = System.nanoTime();
      }
      free(apply(sigmoid, none, one));
    }
    System.out.printf("one small operation: %.2f µs%n", (System.nanoTime() - start) / 1e3 / ROUNDS);
  }

  public static void main(String[] args) throws Throwable {
    new StableAbi(Path.of(args[0])).measure();
  }
}
