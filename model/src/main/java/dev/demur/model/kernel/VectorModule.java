package dev.demur.model.kernel;

/// The incubator module of Java's vectors.
///
/// Java announces it on standard error when it starts with it. It is silent when the module is
/// loaded later, as its own tools load modules; that needs `--add-exports
/// java.base/jdk.internal.module=ALL-UNNAMED`.
final class VectorModule {

  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /// Whether it is there; loads it where that is allowed.
  static boolean isThere() {
    return ModuleLayer.boot().findModule(NAME).isPresent() || load();
  }

  private static boolean load() {
    try {
      Class.forName("jdk.internal.module.Modules")
          .getMethod("loadModule", String.class)
          .invoke(null, NAME);
      return true;
    } catch (ReflectiveOperationException _) { // not exported to us: plain products remain
      return false;
    }
  }
}
