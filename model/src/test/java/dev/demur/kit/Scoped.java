package dev.demur.kit;

import dev.demur.model.tensor.Scope;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// The class runs in a [Scope], and every test of it in one of its own inside that: what
/// `@BeforeAll` makes lives as long as the class, what `@BeforeEach` and a test make as long as the
/// test.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Scoped.Around.class)
public @interface Scoped {

  /// Opens and closes the scopes.
  final class Around
      implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final Namespace NAMESPACE = Namespace.create(Scoped.class);

    @Override
    public void beforeAll(ExtensionContext tests) {
      open(tests);
    }

    @Override
    public void beforeEach(ExtensionContext test) {
      open(test);
    }

    @Override
    public void afterEach(ExtensionContext test) {
      close(test);
    }

    @Override
    public void afterAll(ExtensionContext tests) {
      close(tests);
    }

    private static void open(ExtensionContext context) {
      context.getStore(NAMESPACE).put(Scope.class, Scope.open());
    }

    private static void close(ExtensionContext context) {
      context.getStore(NAMESPACE).remove(Scope.class, Scope.class).close();
    }
  }
}
