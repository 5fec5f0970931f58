package dev.demur.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstalledTorchTest {

  @TempDir private Path environment;

  private Path torch(String version) throws IOException {
    Path folder = environment.resolve("lib/python3.12/site-packages/torch");
    Files.createDirectories(folder.resolve("lib"));
    Files.writeString(folder.resolve("version.py"), "__version__ = '" + version + "'\n");
    Files.createFile(folder.resolve("lib/libtorch_cpu.so"));
    return folder;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lib/python3.12/site-packages", "lib/python3.12/site-packages/torch"})
  void isFoundFromEveryFolderAUserWouldName(String named) throws IOException {
    Path folder = torch("2.11.0+cu130");
    var found = InstalledTorch.at(environment.resolve(named));
    assertThat(found).isEqualTo(new InstalledTorch(folder, "2.11.0+cu130"));
    assertThat(found.unfit()).isEmpty();
  }

  @Test
  void isFoundInTheActiveEnvironment() throws IOException {
    var found = new InstalledTorch(torch("2.10.0"), "2.10.0");
    assertThat(InstalledTorch.all(Map.of("VIRTUAL_ENV", environment.toString())))
        .containsExactly(found);
    assertThat(InstalledTorch.all(Map.of("CONDA_PREFIX", environment.toString())))
        .containsExactly(found);
    assertThat(InstalledTorch.all(Map.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2.9.1,false", "2.10.0,true", "2.11.0+cu128,true", "2.12.0,false", "2.15.0,false"})
  void theBindingsFitTwoVersions(String version, boolean fits) throws IOException {
    torch(version);
    assertThat(InstalledTorch.at(environment).unfit().isEmpty()).isEqualTo(fits);
  }

  @Test
  void librariesAnybodyMayChangeAreNotLoaded() throws IOException {
    Path library = torch("2.11.0").resolve("lib/libtorch_cpu.so");
    assumeTrue(library.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(InstalledTorch.at(environment).unfit())
        .hasValue(library + " may be changed by anybody, so nothing is loaded from it");
  }

  @Test
  void aPathWithoutOneIsRefused() {
    assertThatThrownBy(() -> InstalledTorch.at(environment))
        .isInstanceOf(IOException.class)
        .hasMessage(
            environment
                + ": no PyTorch here; expected the folder of the package torch, the site-packages"
                + " it is in, or the environment");
  }

  @Test
  void theVariableNamesOneOrAsksForAny() throws IOException {
    Path folder = torch("2.11.0");
    var chosen = new InstalledTorch(folder, "2.11.0");
    assertThat(Libtorch.ofEnvironment(Map.of())).isEmpty();
    assertThat(Libtorch.ofEnvironment(Map.of("DEMUR_TORCH", environment.toString())))
        .hasValue(chosen);
    assertThat(
            Libtorch.ofEnvironment(
                Map.of("DEMUR_TORCH", "auto", "VIRTUAL_ENV", environment.toString())))
        .hasValue(chosen);
  }

  @Test
  void whatTheVariableAsksForInVainIsOneLine() throws IOException {
    torch("2.15.0+cu132");
    assertThatThrownBy(() -> Libtorch.ofEnvironment(Map.of("DEMUR_TORCH", environment.toString())))
        .isInstanceOf(TorchChoiceError.class)
        .hasMessageStartingWith("DEMUR_TORCH: ")
        .hasMessageEndingWith("PyTorch 2.15.0+cu132 does not fit; versions 2.10 and 2.11 do");
    assertThatThrownBy(() -> Libtorch.ofEnvironment(Map.of("DEMUR_TORCH", "auto")))
        .isInstanceOf(TorchChoiceError.class)
        .hasMessageContaining("no PyTorch was found");
  }
}
