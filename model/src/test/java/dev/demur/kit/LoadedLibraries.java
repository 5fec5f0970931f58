package dev.demur.kit;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;

/// Symbols of native libraries that this process has loaded, for what the bindings leave out.
public final class LoadedLibraries {

  private LoadedLibraries() {}

  /// Where a symbol is.
  ///
  /// @param library name of its file
  /// @param symbol mangled
  @SuppressWarnings("restricted") // the library is loaded already
  public static MemorySegment find(String library, String symbol) {
    return SymbolLookup.libraryLookup(file(library), Arena.global())
        .find(symbol)
        .orElseThrow(() -> new AssertionError(library + " has no " + symbol));
  }

  private static Path file(String library) {
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.endsWith("/" + library))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .findFirst()
          .orElseThrow(() -> new AssertionError(library + " is not loaded"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
