package dev.demur.lab.data;

/// One file of a set.
///
/// @param name path in the set's folder, with `/`
/// @param source how it is come by
/// @param pin what it must be
public record DatasetFile(String name, Source source, Pin pin) {

  public DatasetFile {
    if (!name.matches("[\\w.-]+(/[\\w.-]+)*") || name.contains("..")) {
      throw new IllegalArgumentException("\"" + name + "\" is not a plain file name");
    }
  }

  /// The name without folders.
  public String baseName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
