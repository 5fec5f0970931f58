package dev.demur.model.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/// Bounds the life of tensors: all that are made on this thread while it is open are freed when it
/// closes, except for those handed to [#keep].
///
/// Every forward pass and every layer runs in one; without them native memory would grow until a
/// garbage collection. Scopes nest and must be closed on the thread that opened them.
///
/// ```java
/// try (var scope = Scope.open()) {
///   return scope.keep(x.plus(y).softmax());
/// }
/// ```
public final class Scope implements AutoCloseable {

  static {
    Libtorch.await();
  }

  private final @Nullable PointerScope parent;
  private final PointerScope pointers;

  private Scope() {
    this.parent = PointerScope.getInnerScope();
    this.pointers = new PointerScope();
  }

  /// Opens a scope inside the thread's innermost one.
  public static Scope open() {
    return new Scope();
  }

  /// Hands a tensor to the enclosing scope, or, when there is none, to the garbage collector.
  ///
  /// @return the tensor
  public Tensor keep(Tensor tensor) {
    if (parent != null) {
      parent.attach(tensor.raw());
    } else {
      tensor.raw().retainReference();
    }
    return tensor;
  }

  /// Takes a tensor made in a scope further inside, so that it lives as long as this one.
  ///
  /// @return the tensor
  public Tensor adopt(Tensor tensor) {
    pointers.attach(tensor.raw());
    return tensor;
  }

  /// Lets all tensors of this scope live past its end.
  ///
  /// @return what frees them
  public Lifetime extend() {
    pointers.extend();
    return new Lifetime(pointers);
  }

  @Override
  public void close() {
    pointers.close();
  }

  /// The tensors of a scope that has been left; closing it, on whatever thread, frees them.
  public static final class Lifetime implements AutoCloseable {
    private final PointerScope pointers;

    private Lifetime(PointerScope pointers) {
      this.pointers = pointers;
    }

    @Override
    public void close() {
      pointers.close();
    }
  }
}
