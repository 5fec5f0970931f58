package dev.demur.model.format.gguf;

import dev.demur.model.format.ModelFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The parts of a GGUF file that `gguf-split` has cut: `NAME-00001-of-00003.gguf` and so on.
public final class GgufSplit {

  private static final Pattern PART = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf");

  /// Bounds the work a hostile name can ask for.
  private static final int MAX_PARTS = 1000;

  private GgufSplit() {}

  /// The model's name: the file's, without ending and part number.
  static String name(Path path) {
    String file = String.valueOf(path.getFileName());
    var part = PART.matcher(file);
    return part.matches() ? part.group(1) : file.replaceFirst("\\.gguf$", "");
  }

  /// True for the first part of a split file, and for a file that is not split.
  public static boolean isFirstPart(Path path) {
    var part = PART.matcher(String.valueOf(path.getFileName()));
    return !part.matches() || Integer.parseInt(part.group(2)) == 1;
  }

  /// All parts in order; the file alone when its name is not that of a part.
  ///
  /// @throws ModelFormatException if parts are missing
  static List<Path> parts(Path path) throws ModelFormatException {
    var part = PART.matcher(String.valueOf(path.getFileName()));
    if (!part.matches()) {
      return List.of(path);
    }
    int count = Integer.parseInt(part.group(3));
    if (count < 1 || count > MAX_PARTS) {
      throw new ModelFormatException(
          path, "is part of " + count + ", expected 1 to " + MAX_PARTS + " parts");
    }
    var parts = new ArrayList<Path>();
    for (int number = 1; number <= count; number++) {
      String name =
          String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", part.group(1), number, count);
      Path file = path.resolveSibling(name);
      if (!Files.exists(file)) {
        throw new ModelFormatException(
            path, "part " + name + " of " + count + " is missing beside it; fetch it");
      }
      parts.add(file);
    }
    return parts;
  }

  /// Checks that the open parts are all there are.
  static void requireComplete(List<Gguf> parts) throws ModelFormatException {
    var first = parts.getFirst();
    if (first.metadata().values().get("split.count") instanceof Long count
        && count > 1
        && count != parts.size()) {
      throw new ModelFormatException(
          first.path(),
          "is one of "
              + count
              + " parts, but is not named like one; restore its name"
              + " (…-00001-of-0000N.gguf) and keep the parts together");
    }
    long found = parts.stream().mapToLong(part -> part.names().size()).sum();
    if (first.metadata().values().get("split.tensors.count") instanceof Long expected
        && parts.size() > 1
        && expected != found) {
      throw new ModelFormatException(
          first.path(), "its parts hold " + found + " tensors, expected " + expected);
    }
  }
}
