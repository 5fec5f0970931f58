package dev.demur.model.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RegularFileTest {

  /// Longer than any file system lets a name be.
  private static final String TOO_LONG = "n".repeat(300);

  @TempDir private Path folder;

  @Test
  void tellsWhatIsThere() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    assertThat(RegularFile.isThere(file)).isTrue();
    assertThat(RegularFile.isFile(file)).isTrue();
    assertThat(RegularFile.isThere(folder)).isTrue();
    assertThat(RegularFile.isFile(folder)).isFalse();
    assertThat(RegularFile.isThere(folder.resolve("nothing"))).isFalse();
    assertThat(RegularFile.isThere(folder.resolve("nowhere/nothing"))).isFalse();
  }

  /// A template that could not be looked at was taken for none, and a file of a model for one that
  /// an edit need not copy.
  @Test
  @DisabledOnOs(OS.WINDOWS) // says of such names that nothing is there
  void whatCannotBeLookedAtIsNotTakenForNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    assertThat(RegularFile.isThere(file.resolve("below"))).isFalse();
    assertThatThrownBy(() -> RegularFile.isThere(folder.resolve(TOO_LONG)))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> RegularFile.isFile(folder.resolve(TOO_LONG)))
        .isInstanceOf(FileSystemException.class);
  }
}
