package dev.demur.model;

import dev.demur.model.format.ModelFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/// Models that a library carries inside its jar, under names of their own. [ModelLocator] asks
/// every implementation registered with [ServiceLoader] before it looks at the disk.
public interface EmbeddedModels {

  /// The files of a model.
  ///
  /// @param name as a person typed it; most are not names of embedded models
  /// @return empty when no model that is carried is called so
  /// @throws IOException if its files cannot be unpacked
  Optional<ModelFiles> open(String name) throws IOException;

  /// All that are registered beside this class.
  static List<EmbeddedModels> found() {
    return ServiceLoader.load(EmbeddedModels.class, EmbeddedModels.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }
}
