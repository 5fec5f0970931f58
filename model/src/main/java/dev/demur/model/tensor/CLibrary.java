package dev.demur.model.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Functions of the C library this process runs with.
final class CLibrary {

  private CLibrary() {}

  /// A function, where the library has it.
  ///
  /// @param signature as the library declares it: a wrong one breaks the process
  @SuppressWarnings("restricted") // callers state signatures of the manual's pages
  static Optional<MethodHandle> function(String name, FunctionDescriptor signature) {
    var linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, signature));
  }
}
