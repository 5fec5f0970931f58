package dev.demur.kit;

import dev.demur.model.tensor.Device;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The laws of this class hold on every device: it runs once on each of [Devices] that has numbers.
/// Its tests put models where [Devices#held] or [Devices#choice] says. The tag lets a machine with
/// a card run these alone.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("devices")
@ClassTemplate
@ExtendWith(EveryDevice.Each.class)
public @interface EveryDevice {

  /// Runs the class on each.
  final class Each implements ClassTemplateInvocationContextProvider {

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
      return true;
    }

    @Override
    public Stream<On> provideClassTemplateInvocationContexts(ExtensionContext context) {
      return Devices.withNumbers().stream().map(On::new);
    }

    @Override
    public boolean mayReturnZeroClassTemplateInvocationContexts(ExtensionContext context) {
      return true; // `meta` alone was asked for
    }
  }

  /// One run of a class.
  ///
  /// @param device where
  record On(Device device)
      implements ClassTemplateInvocationContext, BeforeAllCallback, AfterAllCallback {

    @Override
    public String getDisplayName(int invocation) {
      return "on " + device;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    @Override
    public void beforeAll(ExtensionContext tests) {
      Devices.enter(device);
    }

    @Override
    public void afterAll(ExtensionContext tests) {
      Devices.leave();
    }
  }
}
