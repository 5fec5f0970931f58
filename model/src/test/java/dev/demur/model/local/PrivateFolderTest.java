package dev.demur.model.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.local.PrivateFolder.Links;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// D4: what somebody else may have put into a folder is not loaded from it.
@DisabledOnOs(OS.WINDOWS) // knows no such permissions
class PrivateFolderTest {

  @TempDir private Path temporary;
  private Path above;

  @BeforeEach
  void realPath() throws IOException {
    above = Files.createDirectory(temporary.toRealPath().resolve("demur"));
  }

  @Test
  void isMadeForItsOwnerAlone() throws IOException {
    Path folder = PrivateFolder.in(above, "native");
    assertThat(folder).isEqualTo(above.resolve("native"));
    assertThat(permissions(folder)).isEqualTo("rwx------");
    Files.writeString(folder.resolve("lib.so"), "x");
    Files.createSymbolicLink(folder.resolve("lib"), Path.of("lib.so"));
    assertThat(PrivateFolder.in(above, "native")).isEqualTo(folder);
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void closesTheFolderAboveToOthers() throws IOException {
    Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxrwxrwx"));
    PrivateFolder.in(above, "native");
    assertThat(permissions(above)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void isRefusedWhereOthersMayWrite() throws IOException {
    Path folder = Files.createDirectory(above.resolve("native"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertRefused("may be changed or read by others (rwxrwxrwx, expected rwx------)");
  }

  @Test
  void isRefusedWhereItIsALinkOrAFile() throws IOException {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createSymbolicLink(above.resolve("native"), elsewhere);
    assertRefused("is a link or a file");
    Files.delete(above.resolve("native"));
    Files.writeString(above.resolve("native"), "x");
    assertRefused("is a link or a file");
    Path link = Files.createSymbolicLink(temporary.resolve("link"), above);
    assertThatThrownBy(() -> PrivateFolder.in(link, "native"))
        .isInstanceOf(NativeFolderError.class)
        .hasMessageContaining("is a symbolic link");
  }

  @Test
  void isRefusedWhereALinkLeadsOut() throws IOException {
    Path folder = PrivateFolder.in(above, "native");
    Path planted = Files.writeString(temporary.resolve("lib.so"), "x");
    Files.createSymbolicLink(folder.resolve("lib.so"), planted);
    assertRefused("is a link to " + planted);
    Files.delete(folder.resolve("lib.so"));
    Files.createSymbolicLink(folder.resolve("lib.so"), Path.of("../../lib.so"));
    assertRefused("outside of the folder");
  }

  @Test
  void linksMayLeadToInstalledFilesWhichNotEverybodyCanChange() throws IOException {
    Path folder = PrivateFolder.in(above, "native");
    Path installed = Files.createDirectory(temporary.toRealPath().resolve("installed"));
    Path library = Files.writeString(installed.resolve("lib.so"), "x");
    Files.createSymbolicLink(folder.resolve("lib.so"), library);
    assertThat(PrivateFolder.in(above, "native", Links.TO_INSTALLED_FILES)).isEqualTo(folder);
    Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertInstalledRefused(library);
    Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(installed, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertInstalledRefused(library);
  }

  private void assertInstalledRefused(Path library) {
    assertThatThrownBy(() -> PrivateFolder.in(above, "native", Links.TO_INSTALLED_FILES))
        .isInstanceOf(NativeFolderError.class)
        .hasMessageContaining("is a link to " + library)
        .hasMessageContaining("where anybody may change it");
  }

  @Test
  void isRefusedWhereAFileBelongsToAnother() throws IOException {
    Path folder = PrivateFolder.in(above, "native");
    Files.writeString(Files.createDirectory(folder.resolve("in")).resolve("lib.so"), "x");
    UserPrincipal another =
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    assertThatThrownBy(() -> PrivateFolder.check(folder, another, Links.INSIDE))
        .isInstanceOf(NativeFolderError.class)
        .hasMessageContaining("belongs to ")
        .hasMessageContaining("and not to nobody; delete it, or set XDG_CACHE_HOME")
        .message()
        .doesNotContain("\n");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> PrivateFolder.in(above, "native"))
        .isInstanceOf(NativeFolderError.class)
        .hasMessageContaining("native libraries are not loaded from here")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  private static String permissions(Path folder) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }
}
