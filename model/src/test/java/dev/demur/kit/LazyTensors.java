package dev.demur.kit;

import dev.demur.model.tensor.Torch;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/// libtorch's lazy tensors: their operations are collected and run by the host, but they are not
/// the host's, and an operation that mixes both fails as it does with a card's.
final class LazyTensors {

  /// `torch::lazy::InitTorchScriptBackend()`
  private static final String INIT = "_ZN5torch4lazy22InitTorchScriptBackendEv";

  private static boolean begun;

  private LazyTensors() {}

  /// Registers what runs them, once.
  @SuppressWarnings("restricted") // a function of libtorch's own, without arguments
  static synchronized void begin() {
    if (begun) {
      return;
    }
    Torch.threads(); // libtorch is loaded
    var function = LoadedLibraries.find("libtorch_cpu.so", INIT);
    try {
      Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.ofVoid()).invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    begun = true;
  }
}
