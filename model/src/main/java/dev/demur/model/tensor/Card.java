package dev.demur.model.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A CUDA card, as the driver tells of it. Asking needs the driver alone, no PyTorch.
///
/// @param device its name here
/// @param name of the product
/// @param bytes of its memory
public record Card(Device device, String name, long bytes) {

  private static final String DRIVER = "libcuda.so.1";
  private static final int NAME_BYTES = 256;

  /// A call of the driver that did not succeed.
  private static final class DriverException extends Exception {
    private static final long serialVersionUID = 1L;

    DriverException(String message) {
      super(message);
    }
  }

  /// All cards of this machine that this process may use; none where there is no driver.
  public static List<Card> all() {
    try (var arena = Arena.ofConfined()) {
      var driver = new Driver(arena);
      driver.call("cuInit", 0);
      var number = arena.allocate(ValueLayout.JAVA_INT);
      driver.call("cuDeviceGetCount", number);
      int count = number.get(ValueLayout.JAVA_INT, 0);
      var cards = new ArrayList<Card>();
      for (int i = 0; i < count; i++) {
        cards.add(driver.card(i));
      }
      return List.copyOf(cards);
    } catch (DriverException | IllegalArgumentException _) { // no driver, or none that answers
      return List.of();
    }
  }

  /// The driver's functions. All return 0 on success.
  private record Driver(Arena arena, SymbolLookup functions) {

    @SuppressWarnings("restricted") // the driver's own library, by the name it installs
    Driver(Arena arena) {
      this(arena, SymbolLookup.libraryLookup(DRIVER, arena));
    }

    Card card(int index) throws DriverException {
      var handle = arena.allocate(ValueLayout.JAVA_INT);
      call("cuDeviceGet", handle, index);
      int device = handle.get(ValueLayout.JAVA_INT, 0);
      var name = arena.allocate(NAME_BYTES);
      call("cuDeviceGetName", name, NAME_BYTES, device);
      var bytes = arena.allocate(ValueLayout.JAVA_LONG);
      call("cuDeviceTotalMem_v2", bytes, device);
      return new Card(
          Device.cuda(index),
          name.getString(0, StandardCharsets.UTF_8),
          bytes.get(ValueLayout.JAVA_LONG, 0));
    }

    /// Calls a function whose arguments are pointers and ints.
    @SuppressWarnings("restricted") // signatures of the CUDA driver API's manual
    void call(String function, Object... arguments) throws DriverException {
      var address =
          functions.find(function).orElseThrow(() -> new DriverException(function + ": missing"));
      var layouts = new MemoryLayout[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        layouts[i] =
            arguments[i] instanceof MemorySegment ? ValueLayout.ADDRESS : ValueLayout.JAVA_INT;
      }
      var handle =
          Linker.nativeLinker()
              .downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
      int code;
      try {
        code = (int) handle.invokeWithArguments(arguments);
      } catch (Throwable e) { // a method handle may throw anything by its signature
        throw new DriverException(function + ": " + e.getMessage());
      }
      if (code != 0) {
        throw new DriverException(function + ": error " + code);
      }
    }
  }
}
