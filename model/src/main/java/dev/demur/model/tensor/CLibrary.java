package dev.demur.model.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Functions of C, of the library every process has and of those that are loaded.
final class CLibrary {

  /// A function's call, with its arguments.
  @FunctionalInterface
  interface Call {
    /// Whether it did what it is for.
    boolean succeeds() throws Throwable;
  }

  private CLibrary() {}

  /// A function of the C library, where it has it.
  ///
  /// @param signature as the library declares it: a wrong one breaks the process
  static Optional<MethodHandle> function(String name, FunctionDescriptor signature) {
    return found(Linker.nativeLinker().defaultLookup(), name, signature);
  }

  /// A function of the libraries that this class's loader has loaded, where one has it.
  ///
  /// @param signature as the library declares it: a wrong one breaks the process
  static Optional<MethodHandle> loaded(String name, FunctionDescriptor signature) {
    return found(SymbolLookup.loaderLookup(), name, signature);
  }

  /// Calls a function. A method handle may throw anything by its signature; one of C cannot.
  static boolean call(Call call) {
    try {
      return call.succeeds();
    } catch (Throwable e) {
      throw new LinkageError("a function of C could not be called", e);
    }
  }

  @SuppressWarnings("restricted") // callers state signatures of the manual's pages and of headers
  private static Optional<MethodHandle> found(
      SymbolLookup where, String name, FunctionDescriptor signature) {
    return where
        .find(name)
        .map(address -> Linker.nativeLinker().downcallHandle(address, signature));
  }
}
